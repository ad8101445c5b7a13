using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>
/// A matrix [K, N] in the order in which the host's register tile reads it, for products with few rows that are repeated many times:
/// blocks of 256 k, in each of them panels of two registers of columns.
/// </summary>
internal readonly unsafe struct HostPanels<TLanes, T>(float* panels, int n, int k)
    where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
{
    private readonly float* _panels = panels;
    private readonly int _n = n, _k = k;

    /// <summary>Columns of a panel.</summary>
    private static int Width => 2 * T.Count;

    /// <summary>Panels that the columns make up.</summary>
    public int Count => (_n + Width - 1) / Width;

    /// <summary>Floats that the panels of a matrix take.</summary>
    public static int Length(int n, int k) => checked((n + Width - 1) / Width * Width * k);

    /// <summary>Copies columns of the matrix, whose element (l, j) is at l * step + j * column; one of the two is 1.</summary>
    public void Pack(float* matrix, nint column, nint step, int firstPanel, int endPanel)
    {
        for (int k0 = 0; k0 < _k; k0 += GemmPlan.KBlock)
        {
            int length = Math.Min(GemmPlan.KBlock, _k - k0);
            float* block = _panels + (nint)k0 * Count * Width;
            for (int p = firstPanel; p < endPanel; p++)
                HostPack.Panel(
                    matrix + p * Width * column + k0 * step, column, step, Math.Min(Width, _n - p * Width), length, block + p * Width * length, Width);
        }
    }

    /// <summary>C += A B + bias for a few rows of A. Each output is summed over ascending k, however many rows there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MultiplyAdd(int rows, float* a, nint aRow, float* c, nint cRow, float* bias)
    {
        // Rows in equal shares: 16 rows as 8 + 8 keep more sums in flight than 12 + 4.
        int tiles = (rows + TLanes.Rows - 1) / TLanes.Rows, tileRows = (rows + tiles - 1) / tiles;
        for (int k0 = 0; k0 < _k; k0 += GemmPlan.KBlock)
        {
            int length = Math.Min(GemmPlan.KBlock, _k - k0);
            float* panel = _panels + (nint)k0 * Count * Width;
            bool last = k0 + length == _k;
            for (int j = 0; j < _n; j += Width, panel += Width * length)
                for (int i = 0; i < rows; i += tileRows)
                    HostTiles.Run<TLanes, T>(
                        Math.Min(tileRows, rows - i), _n - j, length, a + i * aRow + k0, aRow, 1, panel, Width, c + i * cRow + j, cRow,
                        load: true, last && bias != null ? bias + j : null);
        }
    }
}
