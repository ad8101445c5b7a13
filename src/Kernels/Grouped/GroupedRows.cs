using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Rows sorted by the group they belong to, and how groups are cut into slots of at most a power of two of rows without a table: group g of
/// the sorted rows b to e - 1 has the slots b / size + g to e / size + g, of which the last may be empty. Which slots there are then depends
/// on the number of rows and groups alone, which the host knows; where groups begin may be known to the device alone.
/// </summary>
internal struct GroupedRows
{
    /// <summary>Where groups begin, [groups + 1]; the row that each sorted entry reads, and the one that it writes.</summary>
    public ArrayView<int> Starts, Read, Write;
    public int Groups;

    public static GroupedRows Of(SegmentLists groups) =>
        new() { Starts = groups.Starts.Ints, Read = groups.Rows.Ints, Write = groups.Edges.Ints, Groups = groups.Count };

    /// <summary>Slots of 2^shift rows.</summary>
    public static int Slots(int rows, int groups, int shift) => checked((rows >> shift) + groups);

    /// <summary>The group of a slot and its entries. A slot beyond all is empty.</summary>
    public readonly GroupSlot Slot(int slot, int shift)
    {
        int low = 0, high = Groups - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >> 1;
            if ((Starts[middle] >> shift) + middle <= slot) low = middle;
            else high = middle - 1;
        }
        int begin = Starts[low], end = Starts[low + 1], first = begin + ((slot - low - (begin >> shift)) << shift), next = first + (1 << shift);
        return new GroupSlot { Group = low, First = first < end ? first : end, End = next < end ? next : end };
    }

    /// <summary>The group of an entry, by the starts of the groups.</summary>
    public static unsafe int Group(int* starts, int groups, int entry)
    {
        int low = 0, high = groups - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >> 1;
            if (starts[middle] <= entry) low = middle;
            else high = middle - 1;
        }
        return low;
    }
}

/// <summary>Entries First to End - 1 of a group.</summary>
internal struct GroupSlot
{
    public int Group, First, End;
}
