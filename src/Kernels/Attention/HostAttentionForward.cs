using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>
/// Forward on the host. A part of work takes pairs of sample and head, or blocks of 48 queries of them; per block it walks over 256 keys at a
/// time: scores from register tiles over packed keys, one step of the online softmax, and a product with the values in place.
/// </summary>
internal unsafe struct HostAttentionForward<TLanes, T> : IHostJob where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
{
    private const int Rows = HostAttentionPlan.Queries, Pitch = HostAttentionPlan.Pitch;

    public AttentionSize Size;
    public AttentionRule Rule;
    public HostAttentionPlace Query, Key, Value, Output;
    public float* Softmax, Bias, Memory;
    public int* Lengths;

    /// <summary>Blocks of queries per pair; items of work (blocks, or whole pairs), and parts that they are cut into.</summary>
    public int Blocks, Items, Parts;

    /// <summary>Floats that a part, and the packed keys of a pair, take of the memory.</summary>
    public int SlotLength, PanelsLength;

    /// <summary>Whether keys are packed, and whether that was done before, behind the slots.</summary>
    public bool Packs, Shared;

    public readonly float* SharedPanels => Memory + (nint)SlotLength * Parts;

    /// <summary>Columns of a packed panel of keys.</summary>
    private static int Width => 2 * T.Count;

    /// <summary>Floats of scores, queries and masks that a part needs.</summary>
    public static int Scratch(in AttentionSize size) => Rows * Pitch + Rows * Aligned(size.Size) + Pitch;

    private static int Aligned(int size) => (size + 15) / 16 * 16;

    public readonly void Part(int index)
    {
        int first = (int)((long)Items * index / Parts), end = (int)((long)Items * (index + 1) / Parts);
        float* slot = Memory + (nint)SlotLength * index, panels = slot + Scratch(Size);
        for (int item = first; item < end; item++)
        {
            if (Packs && !Shared)
            {
                Pack(item, panels);
                for (int block = 0; block < Blocks; block++) Block(item, block * Rows, slot, panels);
            }
            else
            {
                int pair = item / Blocks;
                Block(pair, item % Blocks * Rows, slot, SharedPanels + (nint)PanelsLength * pair);
            }
        }
    }

    private readonly int Length(int sample) => Lengths == null ? Size.Keys : Lengths[sample];

    private readonly void Pack(int pair, float* panels)
    {
        int sample = pair / Size.Heads, keys = Rule.Visible(Length(sample), Size.Queries - 1);
        if (keys > 0)
            new HostPanels<TLanes, T>(panels, keys, Size.Size).Pack(
                Key.Row(sample, pair % Size.Heads, 0), Key.Time, 1, 0, (keys + Width - 1) / Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Block(int pair, int t0, float* slot, float* panels)
    {
        int sample = pair / Size.Heads, head = pair % Size.Heads, length = Length(sample), rows = Math.Min(Rows, Size.Queries - t0);
        int keys = Rule.Visible(length, t0 + rows - 1), queryPitch = Aligned(Size.Size);
        float* scores = slot, queries = scores + Rows * Pitch, mask = queries + Rows * queryPitch;
        float* output = Output.Row(sample, head, t0);
        float* max = stackalloc float[Rows], sum = stackalloc float[Rows];
        for (int r = 0; r < rows; r++)
        {
            (max[r], sum[r]) = (float.NegativeInfinity, 0f);
            HostAttentionRows<T>.Scale(queries + r * queryPitch, Query.Row(sample, head, t0 + r), Size.Size, Rule.Scale);
        }
        for (int k0 = 0; k0 < keys; k0 += HostAttentionPlan.Keys)
        {
            int n = Math.Min(HostAttentionPlan.Keys, keys - k0);
            if (Packs) Tiles(rows, t0, n, k0, length, queries, queryPitch, panels + (nint)k0 * Size.Size, scores);
            else Dots(rows, n, queries, queryPitch, Key.Row(sample, head, k0), scores);
            for (int r = 0; r < rows; r++)
            {
                int seen = Math.Clamp(Rule.Visible(length, t0 + r) - k0, 0, n);
                float* x = scores + r * Pitch;
                if (Bias != null && seen > 0) HostAttentionRows<T>.Add(x, Bias + Rule.BiasRow(pair, t0 + r) + k0, seen);
                float decay = HostAttentionRows<T>.Forward(x, seen, n, ref max[r], ref sum[r]);
                if (Rule.HasDropout != 0 && seen > 0)
                {
                    HostAttentionMask.Row(Rule, pair, t0 + r, k0, seen, mask);
                    HostAttentionRows<T>.Multiply(x, mask, seen);
                }
                if (k0 > 0 && decay != 1f)
                    HostAttentionRows<T>.Scale(output + r * (nint)Output.Time, output + r * (nint)Output.Time, Size.ValueSize, decay);
            }
            Values(rows, t0, n, k0, length, scores, Value.Row(sample, head, k0), output);
        }
        for (int r = 0; r < rows; r++)
        {
            float* y = output + r * (nint)Output.Time;
            bool seesNone = sum[r] == 0f;
            if (seesNone) HostAttentionRows<T>.Clear(y, Size.ValueSize);
            else HostAttentionRows<T>.Scale(y, y, Size.ValueSize, 1f / sum[r]);
            if (Softmax == null) continue;
            float* kept = Softmax + 2 * ((nint)pair * Size.Queries + t0 + r);
            (kept[0], kept[1]) = seesNone ? (float.PositiveInfinity, 0f) : (max[r], 1f / sum[r]);
        }
    }

    /// <summary>Scores of a block from packed keys; register tiles of which no row sees a key are left out.</summary>
    private readonly void Tiles(int rows, int t0, int n, int k0, int length, float* queries, int queryPitch, float* panels, float* scores)
    {
        for (int j = 0; j < n; j += Width)
            for (int r = 0; r < rows; r += TLanes.Rows)
            {
                int tile = Math.Min(TLanes.Rows, rows - r);
                if (Rule.Visible(length, t0 + r + tile - 1) > k0 + j)
                    HostTiles.Run<TLanes, T>(
                        tile, n - j, Size.Size, queries + r * queryPitch, queryPitch, 1, panels + j * Size.Size, Width,
                        scores + r * Pitch + j, Pitch, load: false, null);
            }
    }

    private readonly void Dots(int rows, int n, float* queries, int queryPitch, float* keys, float* scores)
    {
        for (int j = 0; j < n; j += 4)
            for (int r = 0; r < rows; r += 4)
            {
                float* a = queries + r * queryPitch, b = keys + j * (nint)Key.Time, c = scores + r * Pitch + j;
                switch (rows - r)
                {
                    case 1: HostDot.Run<TLanes, T, N1>(Size.Size, a, queryPitch, b, Key.Time, c, Pitch, n - j, load: false, null); break;
                    case 2: HostDot.Run<TLanes, T, N2>(Size.Size, a, queryPitch, b, Key.Time, c, Pitch, n - j, load: false, null); break;
                    case 3: HostDot.Run<TLanes, T, N3>(Size.Size, a, queryPitch, b, Key.Time, c, Pitch, n - j, load: false, null); break;
                    default: HostDot.Run<TLanes, T, N4>(Size.Size, a, queryPitch, b, Key.Time, c, Pitch, n - j, load: false, null); break;
                }
            }
    }

    private readonly void Values(int rows, int t0, int n, int k0, int length, float* weights, float* values, float* output)
    {
        int first = 0;
        if (rows == 1)
            for (; first + 4 * T.Count <= Size.ValueSize; first += 4 * T.Count)
                HostAttentionRows<T>.Weighted(weights, n, values + first, Value.Time, output + first, load: k0 > 0);
        for (int j = first; j < Size.ValueSize; j += Width)
            for (int r = 0; r < rows; r += TLanes.Rows)
            {
                int tile = Math.Min(TLanes.Rows, rows - r), seen = Math.Clamp(Rule.Visible(length, t0 + r + tile - 1) - k0, 0, n);
                if (seen > 0)
                    HostTiles.Run<TLanes, T>(
                        tile, Size.ValueSize - j, seen, weights + r * Pitch, Pitch, 1, values + j, Value.Time,
                        output + r * (nint)Output.Time + j, Output.Time, load: k0 > 0, null);
            }
    }
}

/// <summary>Packs the keys of all pairs.</summary>
internal unsafe struct HostAttentionPack<TLanes, T> : IHostJob where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
{
    public AttentionSize Size;
    public HostAttentionPlace Key;
    public float* Memory;

    /// <summary>Parts per pair.</summary>
    public int Parts;

    public readonly void Part(int index)
    {
        int pair = index / Parts, part = index % Parts;
        var panels = new HostPanels<TLanes, T>(
            Memory + (nint)HostPanels<TLanes, T>.Length(Size.Keys, Size.Size) * pair, Size.Keys, Size.Size);
        panels.Pack(
            Key.Row(pair / Size.Heads, pair % Size.Heads, 0), Key.Time, 1,
            panels.Count * part / Parts, panels.Count * (part + 1) / Parts);
    }
}
