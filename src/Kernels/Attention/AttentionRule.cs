using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>
/// Which keys a query sees, and what else changes a score, as kernels take it. The keys that a query sees are always the first ones
/// of its sample: all of them, those below the sample's length, or those up to the query's own place.
/// </summary>
internal struct AttentionRule
{
    public int Heads, Queries, Keys;

    /// <summary>0: no causal mask; 1: query t sees keys up to t + Shift; 2: up to t + Shift + length - Queries.</summary>
    public int Causal;
    public int Shift;

    /// <summary>1 or 0: kernels take no bool.</summary>
    public int HasLengths, HasBias, HasDropout;

    /// <summary>Elements from one sample or head of the bias [1|B, 1|H, T, S] to the next; 0 where it has one for all.</summary>
    public int BiasBatch, BiasHead;

    public float Scale;

    /// <summary>Probability of a weight to be dropped, and what the others are multiplied with.</summary>
    public float Dropout, Kept;

    public RandomKey Random;

    /// <summary>How many keys query t of a sample with so many keys sees; they are the first ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Visible(int length, int t)
    {
        int seen = t + 1 + Shift + (Causal == 2 ? length - Queries : 0);
        seen = Causal != 0 && seen < length ? seen : length;
        return seen < 0 ? 0 : seen;
    }

    /// <summary>The first query that sees a key of a sample with so many; the largest number if none does. All queries behind it see the key, too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int FirstQuery(int length, int key)
    {
        int first = key - Shift - (Causal == 2 ? length - Queries : 0);
        first = Causal != 0 && first > 0 ? first : 0;
        return key < length ? first : int.MaxValue;
    }

    /// <summary>First element of the bias row of query t.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int BiasRow(int pair, int t) => pair / Heads * BiasBatch + pair % Heads * BiasHead + t * Keys;

    /// <summary>
    /// What dropout multiplies a weight with: 0, or 1 / (1 - p). The random number has the counter (key / 4, query, stream, pair), so that
    /// it depends on no layout, tile or device.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Mask(int pair, int t, int key)
    {
        var name = Random.Name;
        uint word = PhiloxCore.Block((uint)key >> 2, (uint)t, name.Stream, (uint)pair, name.SeedLow, name.SeedHigh, (uint)key & 3);
        return PhiloxCore.Uniform(word) < Dropout ? 0f : Kept;
    }

    /// <summary>The masks of four keys from a multiple of four on, at the price of one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Float4 Masks(int pair, int t, int key)
    {
        var name = Random.Name;
        var words = PhiloxCore.Words((uint)key >> 2, (uint)t, name.Stream, (uint)pair, name.SeedLow, name.SeedHigh);
        return new Float4
        {
            X = PhiloxCore.Uniform(words.X) < Dropout ? 0f : Kept,
            Y = PhiloxCore.Uniform(words.Y) < Dropout ? 0f : Kept,
            Z = PhiloxCore.Uniform(words.Z) < Dropout ? 0f : Kept,
            W = PhiloxCore.Uniform(words.W) < Dropout ? 0f : Kept,
        };
    }
}
