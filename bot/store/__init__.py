"""Everything SQL. Rows never leave a unit of work; what comes out are the values of records.py."""
