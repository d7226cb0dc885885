/* SPDX-License-Identifier: MIT */
/* tsearch and its kin: a treap, whose shape follows from hashed priorities of the nodes. */
#include <search.h>
#include <stdint.h>
#include <stdlib.h>

/* The key must come first: callers read it through a pointer to a pointer. */
struct node {
	const void *key;
	struct node *kid[2];
	uint32_t priority;
};

/* The high half of a 64-bit xorshift: its low bits are not as good. Losing a race harms nobody. */
static uint32_t
next_priority(void)
{
	static uint64_t x = 88172645463325252u;
	uint64_t v = x;

	v ^= v << 13;
	v ^= v >> 7;
	v ^= v << 17;
	x = v;
	return v >> 32;
}

static void
rotate(struct node **root, int up)
{
	struct node *n = *root, *k = n->kid[up];

	n->kid[up] = k->kid[!up];
	k->kid[!up] = n;
	*root = k;
}

static struct node *
insert(struct node **root, const void *key, int (*cmp)(const void *, const void *))
{
	struct node *n = *root, *found;
	int c, side;

	if (!n) {
		n = calloc(1, sizeof(*n));
		if (n) {
			n->key = key;
			n->priority = next_priority();
			*root = n;
		}
		return n;
	}
	c = cmp(key, n->key);
	if (!c)
		return n;
	side = c > 0;
	found = insert(&n->kid[side], key, cmp);
	if (n->kid[side] && n->kid[side]->priority > n->priority)
		rotate(root, side);
	return found;
}

void *
tsearch(const void *restrict key, void **restrict root, int (*cmp)(const void *, const void *))
{
	return root ? insert((struct node **)root, key, cmp) : NULL;
}

void *
tfind(const void *key, void *const *root, int (*cmp)(const void *, const void *))
{
	struct node *n = root ? *root : NULL;
	int c;

	while (n && (c = cmp(key, n->key)) != 0)
		n = n->kid[c > 0];
	return n;
}

void *
tdelete(const void *restrict key, void **restrict rootp, int (*cmp)(const void *, const void *))
{
	struct node **p = (struct node **)rootp, *n, *parent;
	int c;

	if (!p || !*p)
		return NULL;
	parent = *p;
	while (*p && (c = cmp(key, (*p)->key)) != 0) {
		parent = *p;
		p = &(*p)->kid[c > 0];
	}
	n = *p;
	if (!n)
		return NULL;
	while (n->kid[0] && n->kid[1]) {	/* down, until a side is free */
		int side = n->kid[1]->priority > n->kid[0]->priority;

		rotate(p, side);
		p = &(*p)->kid[!side];
	}
	*p = n->kid[0] ? n->kid[0] : n->kid[1];
	if (parent == n)
		parent = *rootp ? *rootp : (void *)rootp;
	free(n);
	return parent;
}

static void
walk(const struct node *n, void (*fn)(const void *, VISIT, int), int depth)
{
	if (!n->kid[0] && !n->kid[1]) {
		fn(n, leaf, depth);
		return;
	}
	fn(n, preorder, depth);
	if (n->kid[0])
		walk(n->kid[0], fn, depth + 1);
	fn(n, postorder, depth);
	if (n->kid[1])
		walk(n->kid[1], fn, depth + 1);
	fn(n, endorder, depth);
}

void
twalk(const void *root, void (*fn)(const void *, VISIT, int))
{
	if (root && fn)
		walk(root, fn, 0);
}

static void
walk_r(const struct node *n, void (*fn)(const void *, VISIT, void *), void *arg)
{
	if (!n->kid[0] && !n->kid[1]) {
		fn(n, leaf, arg);
		return;
	}
	fn(n, preorder, arg);
	if (n->kid[0])
		walk_r(n->kid[0], fn, arg);
	fn(n, postorder, arg);
	if (n->kid[1])
		walk_r(n->kid[1], fn, arg);
	fn(n, endorder, arg);
}

void
twalk_r(const void *root, void (*fn)(const void *, VISIT, void *), void *arg)
{
	if (root && fn)
		walk_r(root, fn, arg);
}

void
tdestroy(void *root, void (*release)(void *))
{
	struct node *n = root;

	if (!n)
		return;
	tdestroy(n->kid[0], release);
	tdestroy(n->kid[1], release);
	if (release)
		release((void *)n->key);
	free(n);
}
