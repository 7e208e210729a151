// The pieces of JSON that listings and manifests are made of.
#pragma once

#include <string>
#include <string_view>

#include "ream/file_job.hpp"

namespace ream::text {

// Strictly: no surrogates, no overlong forms, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

// Appends `text`, which must be UTF-8, in double quotes.
void append_json_string(std::string& out, std::string_view text);

// Appends "key": "text", or "key64": "dGV4dA==" for text that is not UTF-8: names on Linux are any
// bytes.
void append_text_member(std::string& out, std::string_view key, std::string_view text);

// Appends seconds since 1970 as an exact decimal number: {-1, 500000000} is -0.5.
void append_decimal(std::string& out, FileTime time);

}  // namespace ream::text
