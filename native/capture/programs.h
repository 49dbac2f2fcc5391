// The table of programs: the feature of each, its kernel requirements, and which captures need it.
#pragma once
#include "abi.h"
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

struct bpf_object;

// Names of features, as in src/source/features.ts.
using Features = std::vector<std::string>;

/// Whether a feature is among these.
bool among(const Features &features, const char *feature);

// Marks which programs of an object are loaded: those that the plan needs, or without a plan all, except these features'
// programs.
void choosePrograms(bpf_object *object, const ksys_plan *plan, const Features &without);

// Descriptor of the loaded program whose skipped runs mean lost calls.
int lastChance(bpf_object *object);

// How often the kernel skipped a program because a thread in it was preempted on that CPU.
uint64_t timesSkipped(int program);

// The feature that a program belongs to; empty if there is no such program.
std::string featureOf(const std::string &program);

// Whether the running kernel's BTF has what each feature requires; empty if the kernel has no BTF. Its types stay loaded for
// the next capture.
std::vector<std::pair<std::string, bool>> kernelFeatures();
