#include "process/credentials.h"
#include <algorithm>
#include <cstdlib>
#include <dirent.h>
#include <fstream>
#include <sstream>

namespace {

std::vector<uint64_t> numbers(const std::string &text)
{
	std::istringstream words(text);
	std::vector<uint64_t> all;
	for (uint64_t n; words >> n;)
		all.push_back(n);
	return all;
}

uint64_t bits(const std::string &text)
{
	return std::strtoull(text.c_str(), nullptr, 16);
}

} // namespace

std::optional<Credentials> credentialsOf(pid_t tid)
{
	std::ifstream status("/proc/self/task/" + std::to_string(tid) + "/status");
	Credentials c;
	bool complete = false;
	for (std::string line; std::getline(status, line);) {
		const size_t colon = line.find(':');
		if (colon == std::string::npos)
			continue;
		const std::string name = line.substr(0, colon), value = line.substr(colon + 1);
		if (name == "Name")
			c.name = value.substr(std::min<size_t>(value.size(), 1));
		else if (name == "SigPnd")
			c.pending = bits(value);
		else if (name == "SigBlk")
			c.blocked = bits(value);
		else if (name == "Uid")
			c.uids = numbers(value);
		else if (name == "Gid")
			c.gids = numbers(value);
		else if (name == "Groups")
			c.groups = numbers(value);
		else if (name == "CapInh")
			c.inheritable = bits(value);
		else if (name == "CapPrm")
			c.permitted = bits(value);
		else if (name == "CapEff")
			c.effective = bits(value), complete = true;
		else if (name == "NoNewPrivs")
			c.noNewPrivileges = numbers(value) == std::vector<uint64_t>{1};
	}
	if (!complete)
		return std::nullopt;
	std::sort(c.groups.begin(), c.groups.end());
	return c;
}

std::vector<pid_t> ownThreads()
{
	std::vector<pid_t> all;
	DIR *tasks = opendir("/proc/self/task");
	if (!tasks)
		return all;
	while (dirent *entry = readdir(tasks))
		if (pid_t tid = atoi(entry->d_name); tid > 0)
			all.push_back(tid);
	closedir(tasks);
	return all;
}
