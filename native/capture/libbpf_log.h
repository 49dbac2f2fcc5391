// What libbpf says, kept for whoever has to tell why a step failed; and its maps by name.
#ifndef KSYS_CAPTURE_LIBBPF_LOG_H
#define KSYS_CAPTURE_LIBBPF_LOG_H

#include <bpf/libbpf.h>

/// From here on warnings are kept; those from before are forgotten.
void listenToLibbpf();
/// Throws CaptureError with what libbpf has said, of a program: without, the one that libbpf spoke of last.
[[noreturn]] void fail(const char *step, int error, const char *program = nullptr);
/// The object's map whose name ends so; null when it has none.
bpf_map *mapOf(bpf_object *o, const char *suffix);

#endif
