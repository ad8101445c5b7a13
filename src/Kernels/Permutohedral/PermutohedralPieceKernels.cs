using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Pieces of the entries of vertices, see <see cref="PermutohedralPieces"/>: how many each vertex has; one element more, 0, whose running sum is
/// the number of pieces.
/// </summary>
internal struct PermutohedralPieceCounts : IElementKernel
{
    public ArrayView<int> Starts, Counts;
    public int Vertices, Length;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { Starts = Starts.Ptr(), Counts = Counts.Ptr(), Vertices = Vertices, Length = Length });

    private unsafe struct Body : IElementBody
    {
        public int* Starts, Counts;
        public int Vertices, Length;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int v = i; v < i + T.Count; v++)
            {
                int count = 0;
                if (v < Vertices) count = (Starts[v + 1] - Starts[v] + Length - 1) / Length;
                Counts[v] = count;
            }
        }
    }
}

/// <summary>The first entry of every piece; pieces beyond the last, for which there is room, start and end behind all entries.</summary>
internal struct PermutohedralPieceStarts : IElementKernel
{
    public ArrayView<int> Starts, FirstPieces, Pieces;
    public int Vertices, Entries, Length;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        Starts = Starts.Ptr(),
        FirstPieces = FirstPieces.Ptr(),
        Pieces = Pieces.Ptr(),
        Vertices = Vertices,
        Entries = Entries,
        Length = Length,
    });

    private unsafe struct Body : IElementBody
    {
        public int* Starts, FirstPieces, Pieces;
        public int Vertices, Entries, Length;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int piece = i; piece < i + T.Count; piece++)
            {
                // The last vertex whose first piece is not behind this one: every vertex has a piece.
                int low = 0, high = Vertices;
                while (high - low > 1)
                {
                    int middle = low + (high - low) / 2;
                    if (FirstPieces[middle] <= piece) low = middle;
                    else high = middle;
                }
                int start = Entries;
                if (piece < FirstPieces[Vertices]) start = Starts[low] + (piece - FirstPieces[low]) * Length;
                Pieces[piece] = start;
            }
        }
    }
}
