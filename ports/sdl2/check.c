/* SPDX-License-Identifier: MIT */
/* A window of memory, a drawn rectangle, a timer, a thread, sound that nobody hears. */
#include <SDL.h>

static SDL_atomic_t sound;

static void play(void *arg, Uint8 *out, int n)
{
	(void)arg;
	SDL_memset(out, 0, (size_t)n);
	SDL_AtomicAdd(&sound, 1);
}

static int twice(void *arg)
{
	return *(int *)arg * 2;
}

int main(int argc, char **argv)
{
	SDL_AudioSpec want = { .freq = 8000, .format = AUDIO_S16SYS, .channels = 1, .samples = 256,
			       .callback = play };
	SDL_Rect r = { 10, 10, 5, 5 };
	SDL_Window *w;
	SDL_Surface *s;
	SDL_AudioDeviceID audio;
	int n = 21, status = 0;

	(void)argc;
	(void)argv;
	if (SDL_Init(SDL_INIT_VIDEO | SDL_INIT_AUDIO | SDL_INIT_TIMER))
		return 1;
	w = SDL_CreateWindow("calx", 0, 0, 64, 48, 0);
	s = w ? SDL_GetWindowSurface(w) : NULL;
	if (!s || SDL_FillRect(s, &r, SDL_MapRGB(s->format, 1, 2, 3)) || SDL_UpdateWindowSurface(w))
		return 2;
	if (((Uint32 *)s->pixels)[12 * s->pitch / 4 + 12] != SDL_MapRGB(s->format, 1, 2, 3))
		return 3;
	SDL_WaitThread(SDL_CreateThread(twice, "twice", &n), &status);
	if (status != 42)
		return 4;
	audio = SDL_OpenAudioDevice(NULL, 0, &want, NULL, 0);
	SDL_PauseAudioDevice(audio, 0);
	for (int i = 0; i < 200 && SDL_AtomicGet(&sound) < 2; i++)
		SDL_Delay(20);
	if (SDL_AtomicGet(&sound) < 2)
		return 5;
	SDL_Quit();
	return 0;
}
