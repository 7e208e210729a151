// What a shared libream exports.
//
// The library is compiled with every symbol hidden; REAM_API in front of a public class or function
// makes it an exception. A class that is never thrown and has only inline members needs none.
// What is declared within an exported class is exported too, unless REAM_HIDDEN says otherwise.
// tools/check-exports compares what is exported with what the headers declare.
#pragma once

#define REAM_API __attribute__((visibility("default")))
#define REAM_HIDDEN __attribute__((visibility("hidden")))
