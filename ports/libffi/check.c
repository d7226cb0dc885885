/* SPDX-License-Identifier: MIT */
/* libffi-check: a call with mixed arguments, and a closure called by qsort. */
#include <ffi.h>
#include <stdlib.h>

static double
mixed(char a, double b, long c, float d)
{
	return a + b * c + d;
}

static void
compare(ffi_cif *cif, void *result, void **args, void *count)
{
	int a = **(int **)args[0], b = **(int **)args[1];

	(void)cif;
	++*(int *)count;
	*(ffi_sarg *)result = (a > b) - (a < b);
}

int
main(void)
{
	ffi_type *types[] = { &ffi_type_schar, &ffi_type_double, &ffi_type_slong, &ffi_type_float };
	ffi_type *pointers[] = { &ffi_type_pointer, &ffi_type_pointer };
	char a = 1;
	double b = 2.5, result = 0;
	long c = 4;
	float d = 0.5f;
	void *args[] = { &a, &b, &c, &d }, *code;
	int v[] = { 3, 1, 2 }, count = 0;
	ffi_closure *closure;
	ffi_cif cif;

	if (ffi_prep_cif(&cif, FFI_DEFAULT_ABI, 4, &ffi_type_double, types) != FFI_OK)
		return 1;
	ffi_call(&cif, FFI_FN(mixed), &result, args);
	if (result != 11.5)
		return 2;
	closure = ffi_closure_alloc(sizeof(*closure), &code);
	if (!closure || ffi_prep_cif(&cif, FFI_DEFAULT_ABI, 2, &ffi_type_sint, pointers) != FFI_OK ||
	    ffi_prep_closure_loc(closure, &cif, compare, &count, code) != FFI_OK)
		return 3;
	qsort(v, 3, sizeof(v[0]), (int (*)(const void *, const void *))code);
	return v[0] == 1 && v[1] == 2 && v[2] == 3 && count > 1 ? 0 : 4;
}
