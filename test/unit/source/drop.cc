// Losses are reported once, however full the batch is: for each free size, the number of drop events in it, and in the next one.
#include "capture/merge.h"
#include "capture/quiesce.h"
#include <cstdio>

void awaitPrograms() {}

int main()
{
	constexpr uint32_t ROWS = 4, MOST = 200;
	for (uint32_t room = 0; room <= MOST; room++) {
		ksys_lost lost[1] = {};
		Merge merge;
		merge.rings.resize(1);
		merge.lanes.resize(1);
		merge.lost = lost;
		merge.skipped = [] { return 0; };
		lost[0].records[LOST_CALL] = 3;
		std::vector<uint8_t> first(Batch::bytes(ROWS, MOST)), second(Batch::bytes(ROWS, MOST));
		Batch little(first.data(), ROWS, room), enough(second.data(), ROWS, MOST);
		merge.noteLoss(little);
		merge.noteLoss(enough);
		printf("%u %u %u\n", room, little.count, enough.count);
	}
}
