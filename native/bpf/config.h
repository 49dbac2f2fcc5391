/* The programs' configuration. */
#ifndef KSYS_CONFIG_H
#define KSYS_CONFIG_H

#include "../abi.h"

/* Written by the addon. To the verifier its values are constants, and what they rule out is not there. */
const volatile struct ksys_config config = {};

#endif
