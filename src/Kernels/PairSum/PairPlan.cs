namespace GpuNets.Kernels;

/// <summary>
/// The pairs (i, j) of n objects and how a batch of them is cut into chunks: of several whole examples, or of parts of one where its
/// pairs alone fill a chunk. The cut depends on sizes alone, so that sums over chunks do not depend on the number of threads.
/// </summary>
internal sealed class PairPlan
{
    private PairPlan(int objects, int[] firsts, int[] seconds, int chunkRows)
    {
        Objects = objects;
        Firsts = firsts;
        Seconds = seconds;
        int slices = Math.Max(1, (Pairs + chunkRows - 1) / chunkRows);
        SlicePairs = Math.Max(1, (Pairs + slices - 1) / slices);
        Slices = Math.Max(1, (Pairs + SlicePairs - 1) / SlicePairs);
        Examples = Slices > 1 || Pairs == 0 ? 1 : Math.Max(1, chunkRows / Pairs);
    }

    public int Objects { get; }

    /// <summary>The members of each pair.</summary>
    public int[] Firsts { get; }

    public int[] Seconds { get; }

    /// <summary>Pairs of an example.</summary>
    public int Pairs => Firsts.Length;

    /// <summary>Pairs of a slice of an example, and number of slices.</summary>
    public int SlicePairs { get; }

    public int Slices { get; }

    /// <summary>Examples of a chunk; 1 if an example has several slices.</summary>
    public int Examples { get; }

    /// <summary>Most rows of a chunk.</summary>
    public int Rows => Examples * SlicePairs;

    /// <summary>All ordered pairs, or those with i before j; with or without i = j.</summary>
    public static PairPlan Of(int objects, bool unordered, bool self, int chunkRows)
    {
        List<int> firsts = [], seconds = [];
        for (int i = 0; i < objects; i++)
            for (int j = unordered ? i : 0; j < objects; j++)
            {
                if (i == j && !self) continue;
                firsts.Add(i);
                seconds.Add(j);
            }
        return new PairPlan(objects, [.. firsts], [.. seconds], chunkRows);
    }

    /// <summary>The chunks of a batch in order.</summary>
    public IEnumerable<PairChunk> Chunks(int batch) => Enumerable.Range(0, Blocks(batch) * Slices).Select(index => Chunk(batch, index));

    /// <summary>Number of runs of examples that chunks consist of, or are slices of.</summary>
    public int Blocks(int batch) => (batch + Examples - 1) / Examples;

    /// <summary>One of the chunks: slices follow each other.</summary>
    public PairChunk Chunk(int batch, int index)
    {
        int example = index / Slices * Examples, slice = index % Slices, first = slice * SlicePairs;
        return new PairChunk(example, Math.Min(Examples, batch - example), slice, first, Math.Min(SlicePairs, Pairs - first));
    }
}

/// <summary>Pairs First to First + Pairs - 1 of some examples.</summary>
internal readonly record struct PairChunk(int Example, int Examples, int Slice, int First, int Pairs)
{
    public int Rows => Examples * Pairs;
}
