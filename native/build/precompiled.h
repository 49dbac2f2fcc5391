// The headers of the standard library that most units include, which the compiler reads once. Each unit still includes what it
// uses: the fuzz tests compile some of them without this file.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <vector>
