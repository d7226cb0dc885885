/* SPDX-License-Identifier: MIT */
/* libuv-check: a timer, work in a thread, a child and its output in one loop. */
#include <string.h>
#include <uv.h>

static int timer, work, exited;
static char text[64];
static size_t length;

static void on_timer(uv_timer_t *t) { timer++; uv_close((uv_handle_t *)t, NULL); }
static void in_thread(uv_work_t *w) { *(int *)w->data = 1; }
static void after_work(uv_work_t *w, int status) { (void)w; (void)status; }

static void
on_exit_(uv_process_t *p, int64_t status, int sig)
{
	exited = status == 3 && sig == 0;
	uv_close((uv_handle_t *)p, NULL);
}

static void
give_buffer(uv_handle_t *h, size_t n, uv_buf_t *b)
{
	(void)h;
	(void)n;
	*b = uv_buf_init(text + length, sizeof(text) - 1 - length);
}

static void
on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *b)
{
	(void)b;
	if (n < 0)
		uv_close((uv_handle_t *)s, NULL);
	else
		length += n;
}

int
main(void)
{
	uv_loop_t *loop = uv_default_loop();
	char *args[] = { "sh", "-c", "echo calx; exit 3", NULL };
	uv_stdio_container_t io[2] = { { .flags = UV_IGNORE }, { 0 } };
	uv_process_options_t options = { .file = "sh", .args = args, .exit_cb = on_exit_,
		.stdio = io, .stdio_count = 2 };
	uv_process_t child;
	uv_timer_t t;
	uv_work_t w = { .data = &work };
	uv_pipe_t out;

	uv_pipe_init(loop, &out, 0);
	io[1].flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE;
	io[1].data.stream = (uv_stream_t *)&out;
	uv_timer_init(loop, &t);
	uv_timer_start(&t, on_timer, 10, 0);
	uv_queue_work(loop, &w, in_thread, after_work);
	if (uv_spawn(loop, &child, &options) < 0 ||
	    uv_read_start((uv_stream_t *)&out, give_buffer, on_read) < 0)
		return 1;
	uv_run(loop, UV_RUN_DEFAULT);
	return timer == 1 && work == 1 && exited && strcmp(text, "calx\n") == 0 ? 0 : 2;
}
