// What a batch promises to those who read while it is written, and to what was there before.
#pragma once

namespace ream {

// What a reader may see of a batch that is not there as a whole.
enum class Atomic {
  // `batch` where the directory is absent, or is empty, owned by the caller, not reached as "." or
  // through a link, no mount point, nobody's working directory (as far as the caller may look), and
  // its parent may be written; else `file`.
  automatic,
  // Files are written under their own names, and are seen while they grow.
  none,
  // Each file appears whole under its name. What is complete when a batch fails or is stopped
  // stays. A temporary file, where one is needed, is ".ream-TOKEN.NUMBER" beside the file.
  file,
  // The directory appears whole, or is as it was: the batch is written to ".DIR.ream-TOKEN" beside
  // it, which then takes its place. Any failure: nothing of the batch is there.
  batch,
};

// What is on the disk, and is there after a power cut, when a batch is complete.
enum class Sync {
  // What the system has written by then, as with most programs.
  none,
  // Each file before it has its name, by the worker that writes it (fsync); then the directories.
  // With Atomic::none a file has its name before.
  file,
  // All at once, when all is written, and before anything has its name (but Atomic::none): syncfs.
  // Where another filesystem is mounted beneath the directory, or others have so much unwritten
  // that to wait for it would be slow, an fsync of each file takes its place. Costs little, while
  // `file` costs each file a wait. Then the directories whose names have changed.
  batch,
};

// What becomes of what is there already, under the name of an entry. A directory that is there is
// in no directory's way; one in the way of a file or a link, and anything else in the way of a
// directory, stays, and is a failure of the entry (with `skip` the former is skipped).
enum class IfExists {
  // Everything that is in the way is reported, and nothing is written then. (What appears while the
  // batch is written is a failure of its entry.)
  fail,
  // The new takes the place of the old at once: links to the old file elsewhere keep it as it was.
  // With Atomic::none the old goes first. With Atomic::batch the whole directory is replaced: it
  // then holds the batch and nothing else.
  replace,
  // What is there stays as it is, whatever it is.
  skip,
  // As `replace`, where the size, the content or the mode (if the job names one) differs, or it is
  // no regular file. The rest keeps its inode, and its mtime unless the job names another.
  update,
};

}  // namespace ream
