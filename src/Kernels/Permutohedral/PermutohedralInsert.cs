using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Puts entries to a hash table with open addressing: a slot holds an entry that has its key, whichever came first, plus 1 (0: free), and the
/// first of all entries that have it, which no order of threads changes, counted from the end (so that zeros are a start). The table is
/// larger than the number of entries: there is always a free slot.
/// </summary>
internal struct PermutohedralInsert : IElementKernel
{
    public ArrayView<int> Keys, Table, Leaders, Slots;
    public int Words, Mask, Entries;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        Keys = new PermutohedralKeys { Keys = Keys.Ptr(), Words = Words },
        Table = Table,
        Leaders = Leaders,
        Slots = Slots.Ptr(),
        Mask = Mask,
        Entries = Entries,
    });

    private unsafe struct Body : IElementBody
    {
        public PermutohedralKeys Keys;
        public ArrayView<int> Table, Leaders;
        public int* Slots;
        public int Mask, Entries;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int e = i; e < i + T.Count; e++)
            {
                int slot = Keys.Hash(e, 0, 0) & Mask;
                int seen = Atomic.CompareExchange(ref Table[slot], 0, e + 1);
                while (seen != 0 && !Keys.Same(seen - 1, e, 0, 0))
                {
                    slot = (slot + 1) & Mask;
                    seen = Atomic.CompareExchange(ref Table[slot], 0, e + 1);
                }
                Atomic.Max(ref Leaders[slot], Entries - e);
                Slots[e] = slot;
            }
        }
    }
}
