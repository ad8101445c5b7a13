using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>
/// Backward on the host, one pass: an item of work takes some blocks of 128 keys of a pair of sample and head; per block it packs keys and
/// values and walks over 48 queries at a time. It computes the weights p again, d = p (dO v^T - delta), and adds p^T dO to the gradient of
/// the values, d^T q to that of the keys and d k to that of the queries, all by register tiles in a fixed order.
/// </summary>
internal unsafe struct HostAttentionBackward<TLanes, T> : IHostJob where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
{
    private const int Rows = HostAttentionPlan.BackwardQueries, Keys = HostAttentionPlan.BackwardKeys, Pitch = HostAttentionPlan.BackwardPitch;

    public AttentionSize Size;
    public AttentionRule Rule;
    public HostAttentionPlace Query, Key, Value, OutputGradient, QueryGradient, KeyGradient, ValueGradient;
    public float* Softmax, Deltas, Bias, BiasGradient, Memory;
    public int* Lengths;

    /// <summary>
    /// Gradients of the queries by part of the keys, [part][pair][query][size], where there are several parts; null: they go to their place.
    /// </summary>
    public float* Partial;

    /// <summary>Parts of the keys of a pair, and work parts for threads.</summary>
    public int KeyParts, Parts;

    /// <summary>
    /// True: items are parts of the keys of one bias, and each walks over all pairs that share it, in order.
    /// </summary>
    public bool ByBias;

    public readonly int Items => ByBias ? Biases * KeyParts : Size.Pairs * KeyParts;

    private static int Width => 2 * T.Count;

    private readonly int Biases => (Rule.BiasBatch == 0 ? 1 : Size.Batch) * (Rule.BiasHead == 0 ? 1 : Size.Heads);

    /// <summary>Floats that a part of work needs.</summary>
    public static int Scratch(in AttentionSize size) =>
        2 * Rows * Pitch + Rows * Aligned(size.Size) + Pitch
        + HostPanels<TLanes, T>.Length(Keys, size.Size) + HostPanels<TLanes, T>.Length(Keys, size.ValueSize);

    private static int Aligned(int size) => (size + 15) / 16 * 16;

    public readonly void Part(int index)
    {
        int first = (int)((long)Items * index / Parts), end = (int)((long)Items * (index + 1) / Parts);
        float* slot = Memory + (nint)Scratch(Size) * index;
        for (int item = first; item < end; item++)
        {
            int part = item % KeyParts, owner = item / KeyParts;
            if (!ByBias)
            {
                Pair(owner, part, slot);
                continue;
            }
            int heads = Rule.BiasHead == 0 ? 1 : Size.Heads;
            for (int pair = 0; pair < Size.Pairs; pair++)
                if ((Rule.BiasBatch == 0 || pair / Size.Heads == owner / heads) && (Rule.BiasHead == 0 || pair % Size.Heads == owner % heads))
                    Pair(pair, part, slot);
        }
    }

    private readonly void Pair(int pair, int part, float* slot)
    {
        int sample = pair / Size.Heads, head = pair % Size.Heads;
        float* gradient = null;
        nint step = Size.Size;
        if (QueryGradient.Exists)
        {
            if (Partial == null) step = QueryGradient.Time;
            gradient = Partial == null ? QueryGradient.Row(sample, head, 0) : Partial + ((nint)part * Size.Pairs + pair) * Size.Queries * Size.Size;
            for (int t = 0; t < Size.Queries; t++) HostAttentionRows<T>.Clear(gradient + t * step, Size.Size);
        }
        int blocks = (Size.Keys + Keys - 1) / Keys, end = (int)((long)blocks * (part + 1) / KeyParts);
        for (int block = (int)((long)blocks * part / KeyParts); block < end; block++) Block(pair, block * Keys, slot, gradient, step);
        if (gradient == null || Partial != null) return;
        for (int t = 0; t < Size.Queries; t++) HostAttentionRows<T>.Scale(gradient + t * step, gradient + t * step, Size.Size, Rule.Scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Block(int pair, int k0, float* slot, float* queryGradient, nint queryStep)
    {
        int sample = pair / Size.Heads, head = pair % Size.Heads, length = Lengths == null ? Size.Keys : Lengths[sample];
        int n = Math.Clamp(Rule.Visible(length, Size.Queries - 1) - k0, 0, Math.Min(Keys, Size.Keys - k0));
        int t0 = 0;
        while (t0 < Size.Queries && Rule.Visible(length, Math.Min(t0 + Rows, Size.Queries) - 1) <= k0) t0 += Rows;
        // Gradients of keys that nobody sees.
        Clear(KeyGradient, sample, head, t0 < Size.Queries ? k0 + n : k0, Math.Min(k0 + Keys, Size.Keys), Size.Size);
        Clear(ValueGradient, sample, head, t0 < Size.Queries ? k0 + n : k0, Math.Min(k0 + Keys, Size.Keys), Size.ValueSize);
        if (n == 0 || t0 >= Size.Queries) return;

        int queryPitch = Aligned(Size.Size);
        float* p = slot, d = p + Rows * Pitch, queries = d + Rows * Pitch, mask = queries + Rows * queryPitch;
        float* keyPanels = mask + Pitch, valuePanels = keyPanels + HostPanels<TLanes, T>.Length(Keys, Size.Size);
        float* keys = Key.Row(sample, head, k0);
        int panels = (n + Width - 1) / Width;
        new HostPanels<TLanes, T>(keyPanels, n, Size.Size).Pack(keys, Key.Time, 1, 0, panels);
        new HostPanels<TLanes, T>(valuePanels, n, Size.ValueSize).Pack(Value.Row(sample, head, k0), Value.Time, 1, 0, panels);
        bool started = false;
        for (; t0 < Size.Queries; t0 += Rows)
        {
            int rows = Math.Min(Rows, Size.Queries - t0);
            float* outputGradient = OutputGradient.Row(sample, head, t0);
            for (int r = 0; r < rows; r++)
                HostAttentionRows<T>.Scale(queries + r * queryPitch, Query.Row(sample, head, t0 + r), Size.Size, Rule.Scale);
            Tiles(rows, t0, n, k0, length, queries, queryPitch, Size.Size, keyPanels, p);
            Tiles(rows, t0, n, k0, length, outputGradient, OutputGradient.Time, Size.ValueSize, valuePanels, d);
            for (int r = 0; r < rows; r++) Row(pair, t0 + r, k0, Math.Clamp(Rule.Visible(length, t0 + r) - k0, 0, n), n, p + r * Pitch, d + r * Pitch, mask);
            if (ValueGradient.Exists)
                Product(n, Size.ValueSize, rows, p, 1, Pitch, outputGradient, OutputGradient.Time, ValueGradient.Row(sample, head, k0), ValueGradient.Time, started);
            if (KeyGradient.Exists)
                Product(n, Size.Size, rows, d, 1, Pitch, queries, queryPitch, KeyGradient.Row(sample, head, k0), KeyGradient.Time, started);
            if (queryGradient != null)
                Product(rows, Size.Size, n, d, Pitch, 1, keys, Key.Time, queryGradient + t0 * queryStep, queryStep, load: true);
            started = true;
        }
    }

    private readonly void Row(int pair, int t, int k0, int seen, int n, float* p, float* d, float* mask)
    {
        nint row = (nint)pair * Size.Queries + t;
        if (Bias != null) HostAttentionRows<T>.Add(p, Bias + Rule.BiasRow(pair, t) + k0, seen);
        if (Rule.HasDropout == 0)
        {
            HostAttentionRows<T>.Backward(p, d, seen, n, Softmax[2 * row], Softmax[2 * row + 1], Deltas[row]);
        }
        else
        {
            HostAttentionMask.Row(Rule, pair, t, k0, seen, mask);
            HostAttentionRows<T>.Backward(p, d, mask, seen, n, Softmax[2 * row], Softmax[2 * row + 1], Deltas[row]);
        }
        if (BiasGradient != null) HostAttentionRows<T>.Add(BiasGradient + Rule.BiasRow(pair, t) + k0, d, seen);
    }

    /// <summary>Products of rows with packed keys or values; register tiles of which no row sees a key are left out.</summary>
    private readonly void Tiles(int rows, int t0, int n, int k0, int length, float* a, nint aRow, int k, float* panels, float* c)
    {
        for (int j = 0; j < n; j += Width)
            for (int r = 0; r < rows; r += TLanes.Rows)
            {
                int tile = Math.Min(TLanes.Rows, rows - r);
                if (Rule.Visible(length, t0 + r + tile - 1) > k0 + j)
                    HostTiles.Run<TLanes, T>(tile, n - j, k, a + r * aRow, aRow, 1, panels + j * k, Width, c + r * Pitch + j, Pitch, load: false, null);
            }
    }

    /// <summary>c = (load ? c : 0) + a b for contiguous columns of b and c.</summary>
    private static void Product(int m, int n, int k, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow, bool load)
    {
        for (int j = 0; j < n; j += Width)
            for (int i = 0; i < m; i += TLanes.Rows)
                HostTiles.Run<TLanes, T>(
                    Math.Min(TLanes.Rows, m - i), n - j, k, a + i * aRow, aRow, aStep, b + j, bStep, c + i * cRow + j, cRow, load, null);
    }

    private static void Clear(in HostAttentionPlace place, int sample, int head, int start, int end, int size)
    {
        if (!place.Exists) return;
        for (int s = start; s < end; s++) HostAttentionRows<T>.Clear(place.Row(sample, head, s), size);
    }
}
