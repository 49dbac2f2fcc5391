// Operations on the files of an open folder. Results are 0 or a descriptor; a negative errno if it failed. No memory is
// allocated: they also run in a forked process.
#pragma once
#include <sys/types.h>

// Creates a file, open for writing, and locked unless another process locked it first.
int makeFile(int folder, const char *name, mode_t mode);
// Opens a file to append to it, and creates a private one if there is none; links are not followed. A FIFO does not block this.
int appendFile(int folder, const char *name);
// Opens an existing file for writing, and sets its mode; links are not followed. A device or a FIFO in its place does not block
// this: the requester checks what was opened.
int replaceFile(int folder, const char *name, mode_t mode);
// Creates a folder; the process's umask applies.
int makeFolder(int folder, const char *name, mode_t mode);
// Renames a file; the new name must be free.
int renameFile(int folder, const char *from, const char *to);
// Renames a file; a file that has the new name is replaced.
int renameOver(int folder, const char *from, const char *to);
int removeFile(int folder, const char *name);
