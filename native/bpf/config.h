/* The programs' configuration. */
#ifndef KSYS_CONFIG_H
#define KSYS_CONFIG_H

#include "../abi.h"

/* Written by the addon before loading. The verifier treats its values as constants and removes the code that they rule out. */
const volatile struct ksys_config config = {};

#endif
