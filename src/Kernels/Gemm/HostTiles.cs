namespace GpuNets.Kernels;

/// <summary>Picks the compiled register tile for a number of rows and columns; each is compiled when it is first needed.</summary>
internal static unsafe class HostTiles
{
    /// <summary>Runs <see cref="HostTile"/> on up to 12 rows (6 with 256-bit registers); columns beyond two registers are left alone.</summary>
    public static void Run<TLanes, T>(
        int rows, int columns, int k, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow, bool load, float* bias)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        if (columns >= 2 * T.Count) Rows<TLanes, T, FullColumns>(rows, columns, k, a, aRow, aStep, b, bStep, c, cRow, load, bias);
        else if (columns > T.Count) Rows<TLanes, T, CutColumns>(rows, columns, k, a, aRow, aStep, b, bStep, c, cRow, load, bias);
        else Rows<TLanes, T, NarrowColumns>(rows, columns, k, a, aRow, aStep, b, bStep, c, cRow, load, bias);
    }

    private static void Rows<TLanes, T, TColumns>(
        int rows, int columns, int k, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow, bool load, float* bias)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T> where TColumns : struct, ITileColumns
    {
        switch (rows)
        {
            case 1: HostTile.Run<TLanes, T, N1, TColumns>(k, a, aRow, aStep, b, bStep, c, cRow, columns, load, bias); break;
            case 2: HostTile.Run<TLanes, T, N2, TColumns>(k, a, aRow, aStep, b, bStep, c, cRow, columns, load, bias); break;
            case 3: HostTile.Run<TLanes, T, N3, TColumns>(k, a, aRow, aStep, b, bStep, c, cRow, columns, load, bias); break;
            case 4: HostTile.Run<TLanes, T, N4, TColumns>(k, a, aRow, aStep, b, bStep, c, cRow, columns, load, bias); break;
            case 5: HostTile.Run<TLanes, T, N5, TColumns>(k, a, aRow, aStep, b, bStep, c, cRow, columns, load, bias); break;
            case 6: HostTile.Run<TLanes, T, N6, TColumns>(k, a, aRow, aStep, b, bStep, c, cRow, columns, load, bias); break;
            case 7: HostTile.Run<TLanes, T, N7, TColumns>(k, a, aRow, aStep, b, bStep, c, cRow, columns, load, bias); break;
            case 8: HostTile.Run<TLanes, T, N8, TColumns>(k, a, aRow, aStep, b, bStep, c, cRow, columns, load, bias); break;
            case 9: HostTile.Run<TLanes, T, N9, TColumns>(k, a, aRow, aStep, b, bStep, c, cRow, columns, load, bias); break;
            case 10: HostTile.Run<TLanes, T, N10, TColumns>(k, a, aRow, aStep, b, bStep, c, cRow, columns, load, bias); break;
            case 11: HostTile.Run<TLanes, T, N11, TColumns>(k, a, aRow, aStep, b, bStep, c, cRow, columns, load, bias); break;
            default: HostTile.Run<TLanes, T, N12, TColumns>(k, a, aRow, aStep, b, bStep, c, cRow, columns, load, bias); break;
        }
    }
}
