// Which programs there are: what each is for, what it needs of the kernel, and which captures want it.
#pragma once
#include "abi.h"
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

struct bpf_object;

/// Names of features, as src/source/features.ts has them.
using Features = std::vector<std::string>;

/// Whether a feature is among these.
bool among(const Features &features, const char *feature);

/// Marks what is loaded of an object: what the plan wants, or without a plan everything, but for these features' programs.
void choosePrograms(bpf_object *object, const ksys_plan *plan, const Features &without);

/// Descriptor of the loaded program without which a call is lost when the kernel does not run it.
int lastChance(bpf_object *object);

/// How often the kernel did not run a program because a thread in it was preempted on that CPU.
uint64_t timesSkipped(int program);

/// The feature that a program is for; empty when there is no such program.
std::string featureOf(const std::string &program);

/// Whether the running kernel's BTF has what each feature needs; empty when the kernel has no BTF. Its types stay for the capture
/// that begins next.
std::vector<std::pair<std::string, bool>> kernelFeatures();
