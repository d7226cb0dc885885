/* SPDX-License-Identifier: MIT */
/* Applying the patches of a port, in order and without fuzz. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cook.h"

/* GNU's options: where the system's own patch is another, GNU's is called gpatch. */
static void
become_patch(const char *file, const char *src)
{
	static const char *const names[] = { "gpatch", "patch" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		execlp(names[i], names[i], "-p1", "-F0", "-N", "-f", "-r", "-",
				"--no-backup-if-mismatch", "-d", src, "-i", file, (char *)NULL);
}

int
patch_apply(const char *file, const char *src)
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		dup2(1, 2);
		become_patch(file, src);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -1;
	if (WEXITSTATUS(status) == 127)
		warn_("the program 'patch' is missing");
	return WEXITSTATUS(status);
}

int
patches_apply(const struct cook *c, const struct recipe *r, const char *src)
{
	char *dir = patch_dir(c, r);
	struct list names = { 0 };
	size_t i;
	int failed = 0;

	patch_list(c, r, &names);
	failed = r->patches && !names.n;
	if (failed)
		warn_("%s: patches: no patch in patches/%s", r->file, r->patches);
	for (i = 0; !failed && i < names.n; i++) {
		char *path = fmt("%s/%s", dir, names.v[i]);

		printf("patch %s\n", names.v[i]);
		failed = patch_apply(path, src) != 0;
		if (failed)
			warn_("patches/%s/%s does not apply to %s %s (no fuzz is allowed); "
				"the hunk is named above", r->patches ? r->patches : r->name,
				names.v[i], r->name, r->version);
		free(path);
	}
	cpk_list_free(&names);
	free(dir);
	return failed ? -1 : 0;
}
