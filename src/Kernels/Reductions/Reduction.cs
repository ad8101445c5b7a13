namespace GpuNets.Kernels;

/// <summary>Launches reductions over any axes: one launch per group of neighbouring axes, two where a row is long.</summary>
internal static partial class Reduction
{
    // 8192 values are a microsecond or two of work; a SIMD team then adds 128 values per accumulator, a serial one 1024.
    private const int RowChunk = 8192;

    // Rows of a column reduction that one team adds up: 64 additions per column.
    private const int ColumnChunk = 512;

    /// <summary>y = factor * reduction of x over the axes marked so; the other axes keep their order.</summary>
    /// <remarks>A result of no values is 0, which is a sum; ops that have another answer, or none, see to it.</remarks>
    public static void Run<TOp>(DeviceBuffer x, DeviceBuffer y, ReduceAxes axes, float factor = 1f) where TOp : struct, IReducer
    {
        if (y.Length == 0) return;
        if (axes.Length == 0)
        {
            Fill.Launch(y, 0f);
            return;
        }
        if (!axes.TakeLast(out int outer, out int length, out int inner))
        {
            Elementwise.Forward(new MultiplyScalar(factor), x, y);   // nothing to reduce
            return;
        }
        DeviceBuffer source = x;
        for (bool more = true; more;)
        {
            int chunks = (length + Chunk(inner) - 1) / Chunk(inner);
            int nextOuter = outer, nextLength = chunks, nextInner = inner;
            more = chunks > 1 || axes.TakeLast(out nextOuter, out nextLength, out nextInner);
            var target = more ? x.Device.Allocate(outer * chunks * inner, "partial results") : y;
            Step<TOp>(source, target, outer, length, inner, chunks, more ? 1f : factor);
            if (!ReferenceEquals(source, x)) source.Free();   // launches run in order: its next owner writes later
            (source, outer, length, inner) = (target, nextOuter, nextLength, nextInner);
        }
    }

    private static int Chunk(int inner) => inner == 1 ? RowChunk : ColumnChunk;

    private static void Step<TOp>(DeviceBuffer x, DeviceBuffer y, int outer, int length, int inner, int chunks, float factor)
        where TOp : struct, IReducer
    {
        int chunk = Math.Min(Chunk(inner), length);
        if (inner == 1)
        {
            x.Device.ForRows(
                new ReduceRows<TOp> { X = x.Floats, Y = y.Floats, Length = length, Chunk = chunk, Chunks = chunks, Factor = factor },
                outer * chunks, chunk, 20f + 0.15f * chunk);
            return;
        }
        // A host tile of 8 KB leaves the first-level cache to the rows; device threads take few columns each, so that there are many.
        int width = Math.Min(inner, x.Device.Form == ExecutionForm.Host ? 2048 : 128);
        int tiles = (inner + width - 1) / width;
        x.Device.ForRows(
            new ReduceColumns<TOp>
            {
                X = x.Floats,
                Y = y.Floats,
                Length = length,
                Inner = inner,
                Chunk = chunk,
                Chunks = chunks,
                Width = width,
                Tiles = tiles,
                Factor = factor,
            },
            outer * chunks * tiles, width, 50f + 0.2f * width * chunk);
    }
}
