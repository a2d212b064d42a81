// Debian's libxml2 headers pull in ICU, whose types clash with the ICU inside Foundation. Nothing we call speaks of ICU.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/xmlreader.h>
