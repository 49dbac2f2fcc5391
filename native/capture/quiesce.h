// When what programs do in the kernel has come to its end.
#pragma once

/// Returns once no program runs any more that began before the call: what such a one had seen or has written is settled.
void awaitPrograms();
