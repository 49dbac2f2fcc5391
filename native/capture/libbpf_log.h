// Messages of libbpf, stored to report why a step failed; and its maps by name.
#ifndef KSYS_CAPTURE_LIBBPF_LOG_H
#define KSYS_CAPTURE_LIBBPF_LOG_H

#include <bpf/libbpf.h>
#include <string>

// Starts storing warnings; earlier ones are discarded.
void listenToLibbpf();
// Adds a message to those of libbpf.
void note(const std::string &message);
// Throws CaptureError with the messages of libbpf about a program; without one, about the program that libbpf mentioned last.
[[noreturn]] void fail(const char *step, int error, const char *program = nullptr);
// The object's map whose name ends with `suffix`; null if it has none.
bpf_map *mapOf(bpf_object *o, const char *suffix);

#endif
