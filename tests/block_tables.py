"""Two small tables of blocks, as the CDM registry publishes them: three issued, three cancelled."""

ISSUED = """\
completion_date,transaction_type,status,unit_type,commitment_period,party_code,project_number,total,serial_start,serial_end
2007-11-09T10:33:23.293,Issuance (1),4 - Completed,CER,1,HN,9,100,1,100
2012-11-09T10:33:47.437,Issuance (1),4 - Completed,CER,2,HN,28,50,101,150
2012-11-10T10:00:00.000,Issuance (1),4 - Completed,tCER,1,BR,7,40,1,40
"""
CANCELLED = """\
completion_date,transaction_type,project_identifier,status,commitment_period,unit_type,total,via_voluntary_cancellation_platform,serial_start,serial_end
2012-11-09T11:00:00.000,Cancellation (4),HN-28,4 - Completed,2,CER,20,Yes,131,150
2013-01-02T08:22:17.443,Cancellation (4),HN-9,4 - Completed,1,CER,10,Yes,41,50
2013-01-02T09:22:17.443,Cancellation (4),BR-7,4 - Completed,1,tCER,40,No,1,40
"""
