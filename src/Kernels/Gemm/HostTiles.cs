namespace GpuNets.Kernels;

/// <summary>Picks the compiled register tile for a number of rows and columns; each is compiled when it is first needed.</summary>
internal static unsafe class HostTiles
{
    /// <summary>Runs <see cref="HostTile"/> on up to 12 rows (6 with 256-bit registers); columns beyond two registers are left alone.</summary>
    public static void Run<TLanes, T>(
        int rows, int columns, int k, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow, bool load, float* bias)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T> =>
        Columns<TLanes, T, EvenSteps>(rows, columns, k, a, aRow, aStep, b, bStep, null, c, cRow, load, bias);

    /// <summary>The same with row i of b at b + bSteps[i].</summary>
    public static void Run<TLanes, T>(
        int rows, int columns, int k, float* a, nint aRow, nint aStep, float* b, int* bSteps, float* c, nint cRow, bool load)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T> =>
        Columns<TLanes, T, TableSteps>(rows, columns, k, a, aRow, aStep, b, 0, bSteps, c, cRow, load, null);

    private static void Columns<TLanes, T, TWalk>(
        int rows, int columns, int k, float* a, nint aRow, nint aStep, float* b, nint bStep, int* bSteps, float* c, nint cRow, bool load, float* bias)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T> where TWalk : struct, ITileWalk
    {
        if (columns >= 2 * T.Count) Rows<TLanes, T, FullColumns, TWalk>(rows, columns, k, a, aRow, aStep, b, bStep, bSteps, c, cRow, load, bias);
        else if (columns > T.Count) Rows<TLanes, T, CutColumns, TWalk>(rows, columns, k, a, aRow, aStep, b, bStep, bSteps, c, cRow, load, bias);
        else Rows<TLanes, T, NarrowColumns, TWalk>(rows, columns, k, a, aRow, aStep, b, bStep, bSteps, c, cRow, load, bias);
    }

    private static void Rows<TLanes, T, TColumns, TWalk>(
        int rows, int columns, int k, float* a, nint aRow, nint aStep, float* b, nint bStep, int* bSteps, float* c, nint cRow, bool load, float* bias)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T> where TColumns : struct, ITileColumns where TWalk : struct, ITileWalk
    {
        switch (rows)
        {
            case 1: HostTile.Run<TLanes, T, N1, TColumns, TWalk>(k, a, aRow, aStep, b, bStep, bSteps, c, cRow, columns, load, bias); break;
            case 2: HostTile.Run<TLanes, T, N2, TColumns, TWalk>(k, a, aRow, aStep, b, bStep, bSteps, c, cRow, columns, load, bias); break;
            case 3: HostTile.Run<TLanes, T, N3, TColumns, TWalk>(k, a, aRow, aStep, b, bStep, bSteps, c, cRow, columns, load, bias); break;
            case 4: HostTile.Run<TLanes, T, N4, TColumns, TWalk>(k, a, aRow, aStep, b, bStep, bSteps, c, cRow, columns, load, bias); break;
            case 5: HostTile.Run<TLanes, T, N5, TColumns, TWalk>(k, a, aRow, aStep, b, bStep, bSteps, c, cRow, columns, load, bias); break;
            case 6: HostTile.Run<TLanes, T, N6, TColumns, TWalk>(k, a, aRow, aStep, b, bStep, bSteps, c, cRow, columns, load, bias); break;
            case 7: HostTile.Run<TLanes, T, N7, TColumns, TWalk>(k, a, aRow, aStep, b, bStep, bSteps, c, cRow, columns, load, bias); break;
            case 8: HostTile.Run<TLanes, T, N8, TColumns, TWalk>(k, a, aRow, aStep, b, bStep, bSteps, c, cRow, columns, load, bias); break;
            case 9: HostTile.Run<TLanes, T, N9, TColumns, TWalk>(k, a, aRow, aStep, b, bStep, bSteps, c, cRow, columns, load, bias); break;
            case 10: HostTile.Run<TLanes, T, N10, TColumns, TWalk>(k, a, aRow, aStep, b, bStep, bSteps, c, cRow, columns, load, bias); break;
            case 11: HostTile.Run<TLanes, T, N11, TColumns, TWalk>(k, a, aRow, aStep, b, bStep, bSteps, c, cRow, columns, load, bias); break;
            default: HostTile.Run<TLanes, T, N12, TColumns, TWalk>(k, a, aRow, aStep, b, bStep, bSteps, c, cRow, columns, load, bias); break;
        }
    }
}
