// What is done with the files of an open folder. Results are 0 or a descriptor; a negative errno when it failed. No memory is
// allocated: it is done in a forked process, too.
#pragma once
#include <sys/types.h>

/// Makes a new file, open for writing, and locked unless somebody else was quicker.
int makeFile(int folder, const char *name, mode_t mode);
/// Opens a file to append to it, and makes a private one where there is none; links are not followed. Nobody's FIFO makes this wait.
int appendFile(int folder, const char *name);
/// Opens an existing file for writing, and gives it that mode; links are not followed. A device or a FIFO in its place does not make this
/// wait: whoever asked looks at what was opened.
int replaceFile(int folder, const char *name, mode_t mode);
/// Makes a folder; the process's umask applies.
int makeFolder(int folder, const char *name, mode_t mode);
/// Gives a file another name, which must be free.
int renameFile(int folder, const char *from, const char *to);
/// Gives a file another name; a file that has it is replaced.
int renameOver(int folder, const char *from, const char *to);
int removeFile(int folder, const char *name);
