// landlock FOLDERS COMMAND...: runs a command that may only execute files below these folders, separated by ':'.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	struct landlock_ruleset_attr handled = {.handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE};
	int rules = syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
	for (char *folder = strtok(argv[1], ":"); folder; folder = strtok(NULL, ":")) {
		struct landlock_path_beneath_attr below = {LANDLOCK_ACCESS_FS_EXECUTE, open(folder, O_PATH | O_CLOEXEC)};
		if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0)) {
			perror(folder);
			return 2;
		}
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_landlock_restrict_self, rules, 0)) {
		perror("landlock");
		return 2;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 2;
}
