/* SPDX-License-Identifier: MIT */
/* Circular doubly linked lists through an embedded node; a head is a node too. */
#ifndef KERNEL_LIST_H
#define KERNEL_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *prev, *next;
};

#define LIST_INIT(name)	{ &(name), &(name) }

/* The struct of type `type` whose member `member` is *ptr. */
#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))
#define list_entry(node, type, member) container_of(node, type, member)

#define list_for(pos, head) \
	for (struct list *pos = (head)->next; pos != (head); pos = pos->next)
/* As list_for; the body may remove pos. */
#define list_for_safe(pos, head) \
	for (struct list *pos = (head)->next, *pos##_next = pos->next; pos != (head); \
	     pos = pos##_next, pos##_next = pos->next)

static inline void list_init(struct list *l)
{
	l->prev = l->next = l;
}

static inline bool list_empty(const struct list *l)
{
	return l->next == l;
}

/* Puts n before head: at the end of the list. */
static inline void list_add_tail(struct list *head, struct list *n)
{
	n->prev = head->prev;
	n->next = head;
	head->prev->next = n;
	head->prev = n;
}

/* Puts n right after head: at the front of the list. */
static inline void list_add(struct list *head, struct list *n)
{
	list_add_tail(head->next, n);
}

/* Takes n out; afterwards list_empty(n) holds, and removing it again does nothing. */
static inline void list_del(struct list *n)
{
	n->prev->next = n->next;
	n->next->prev = n->prev;
	n->prev = n->next = n;
}

/* The first node, removed, or NULL. */
static inline struct list *list_pop(struct list *head)
{
	struct list *n = head->next;

	if (n == head)
		return NULL;
	list_del(n);
	return n;
}

#endif
