/* All programs: one object, of which a capture loads what its plan needs. */
#include "enter.h"
#include "exit.h"
#include "refused.h"
#include "by_call.h"
#include "sched.h"
#include "oom.h"
#include "iter.h"
#include "procinfo.h"
#include "uring.h"
#include "inflight.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";
