using ILGPU;

namespace GpuNets.Kernels;

/// <summary>flags[e] = 1 for an entry that is the first of its vertex; one flag more, 0, whose running sum is the number of vertices.</summary>
internal struct PermutohedralFirsts : IElementKernel
{
    public ArrayView<int> Slots, Leaders, Flags;
    public int Entries;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { Slots = Slots.Ptr(), Leaders = Leaders.Ptr(), Flags = Flags.Ptr(), Entries = Entries });

    private unsafe struct Body : IElementBody
    {
        public int* Slots, Leaders, Flags;
        public int Entries;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int e = i; e < i + T.Count; e++)
            {
                int flag = 0;
                if (e < Entries) flag = Entries - Leaders[Slots[e]] == e ? 1 : 0;
                Flags[e] = flag;
            }
        }
    }
}

/// <summary>The vertex of each entry, vertices being numbered in the order of their first entries, and the first entry of each vertex.</summary>
internal struct PermutohedralNumber : IElementKernel
{
    public ArrayView<int> Slots, Leaders, Numbers, Vertices, Firsts;
    public int Entries;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        Slots = Slots.Ptr(),
        Leaders = Leaders.Ptr(),
        Numbers = Numbers.Ptr(),
        Vertices = Vertices.Ptr(),
        Firsts = Firsts.Ptr(),
        Entries = Entries,
    });

    private unsafe struct Body : IElementBody
    {
        public int* Slots, Leaders, Numbers, Vertices, Firsts;
        public int Entries;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int e = i; e < i + T.Count; e++)
            {
                int first = Entries - Leaders[Slots[e]], vertex = Numbers[first];
                Vertices[e] = vertex;
                if (first == e) Firsts[vertex] = e;
            }
        }
    }
}

/// <summary>The two neighbours of each vertex along each axis of the blur, [axes, vertices]; -1 where there is none.</summary>
internal struct PermutohedralNeighbours : IElementKernel
{
    public ArrayView<int> Keys, Table, Leaders, Numbers, Firsts, Before, After;
    public int Words, Mask, Entries;

    /// <summary>Divides by the number of vertices.</summary>
    public StridedAxis Vertices;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        Keys = new PermutohedralKeys { Keys = Keys.Ptr(), Words = Words },
        Table = Table.Ptr(),
        Leaders = Leaders.Ptr(),
        Numbers = Numbers.Ptr(),
        Firsts = Firsts.Ptr(),
        Before = Before.Ptr(),
        After = After.Ptr(),
        Mask = Mask,
        Entries = Entries,
        Vertices = Vertices,
    });

    private unsafe struct Body : IElementBody
    {
        public PermutohedralKeys Keys;
        public int* Table, Leaders, Numbers, Firsts, Before, After;
        public int Mask, Entries;
        public StridedAxis Vertices;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int n = i; n < i + T.Count; n++)
            {
                int axis = Vertices.Divide(n), first = Firsts[n - axis * Vertices.Size];
                Before[n] = Find(first, axis, -1);
                After[n] = Find(first, axis, 1);
            }
        }

        private readonly int Find(int entry, int axis, int move)
        {
            int slot = Keys.Hash(entry, axis, move) & Mask;
            int seen = Table[slot];
            while (seen != 0 && !Keys.Same(seen - 1, entry, axis, move))
            {
                slot = (slot + 1) & Mask;
                seen = Table[slot];
            }
            int vertex = -1;
            if (seen != 0) vertex = Numbers[Entries - Leaders[slot]];
            return vertex;
        }
    }
}
