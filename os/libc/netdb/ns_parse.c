/* SPDX-License-Identifier: MIT */
/* ns_parse.c: a DNS message taken apart into its records. Nothing beyond its end is read. */
#include <arpa/nameser.h>
#include <errno.h>
#include <resolv.h>
#include <string.h>

static int fail(int e)
{
	errno = e;
	return -1;
}

void ns_put16(unsigned v, unsigned char *p)
{
	p[0] = v >> 8;
	p[1] = v;
}

void ns_put32(unsigned long v, unsigned char *p)
{
	ns_put16(v >> 16, p);
	ns_put16(v, p + 2);
}

/* Bytes that `count` records (of the question: names) take at p. */
int ns_skiprr(const unsigned char *p, const unsigned char *end, ns_sect sect, int count)
{
	const unsigned char *start = p;

	while (count-- > 0) {
		int n = dn_skipname(p, end), fixed = sect == ns_s_qd ? NS_QFIXEDSZ : NS_QFIXEDSZ + NS_INT32SZ + NS_INT16SZ;

		if (n < 0 || end - p < n + fixed)
			return fail(EMSGSIZE);
		p += n + fixed;
		if (sect == ns_s_qd)
			continue;
		n = ns_get16(p - 2);
		if (end - p < n)
			return fail(EMSGSIZE);
		p += n;
	}
	return p - start;
}

int ns_initparse(const unsigned char *msg, int len, ns_msg *m)
{
	const unsigned char *p = msg + NS_HFIXEDSZ, *end = msg + len;

	if (len < NS_HFIXEDSZ)
		return fail(EMSGSIZE);
	*m = (ns_msg){ ._msg = msg, ._eom = end, ._id = ns_get16(msg), ._flags = ns_get16(msg + 2),
		       ._sect = ns_s_max, ._rrnum = -1 };
	for (int i = 0; i < ns_s_max; i++) {
		int n;

		m->_counts[i] = ns_get16(msg + 4 + 2 * i);
		if (!m->_counts[i])
			continue;
		m->_sections[i] = p;
		n = ns_skiprr(p, end, i, m->_counts[i]);
		if (n < 0)
			return -1;
		p += n;
	}
	return p == end ? 0 : fail(EMSGSIZE);
}

int ns_name_uncompress(const unsigned char *msg, const unsigned char *end, const unsigned char *src, char *dst,
	size_t size)
{
	int n = dn_expand(msg, end, src, dst, size > NS_MAXDNAME ? NS_MAXDNAME : (int)size);

	return n < 0 ? fail(EMSGSIZE) : n;
}

/* Goes on where the last call stopped when it can: a loop over all records stays linear. */
static int seek(ns_msg *m, ns_sect sect, int i)
{
	int n;

	if (sect != m->_sect || i < m->_rrnum || m->_rrnum < 0) {
		m->_sect = sect;
		m->_rrnum = 0;
		m->_msg_ptr = m->_sections[sect];
	}
	n = ns_skiprr(m->_msg_ptr, m->_eom, sect, i - m->_rrnum);
	if (n < 0)
		return -1;
	m->_msg_ptr += n;
	m->_rrnum = i;
	return 0;
}

int ns_parserr(ns_msg *m, ns_sect sect, int i, ns_rr *rr)
{
	const unsigned char *p;
	int n;

	if ((unsigned)sect >= ns_s_max)
		return fail(ENODEV);
	if (i == -1)
		i = m->_sect == sect ? m->_rrnum : 0;
	if (i < 0 || i >= m->_counts[sect])
		return fail(ENODEV);
	if (seek(m, sect, i) < 0)
		return -1;
	n = ns_name_uncompress(m->_msg, m->_eom, m->_msg_ptr, rr->name, sizeof(rr->name));
	if (n < 0)
		return -1;
	p = m->_msg_ptr + n;
	rr->type = ns_get16(p);
	rr->rr_class = ns_get16(p + 2);
	p += 4;
	if (sect == ns_s_qd) {
		rr->ttl = rr->rdlength = 0;
		rr->rdata = 0;
	} else {
		rr->ttl = ns_get32(p);
		rr->rdlength = ns_get16(p + 4);
		rr->rdata = p + 6;
		p += 6 + rr->rdlength;
	}
	m->_msg_ptr = p;
	m->_rrnum++;
	return 0;
}
