using System.Runtime.InteropServices;

namespace GpuNets.Kernels;

/// <summary>The three ways in which a host thread computes a block of C.</summary>
internal static unsafe class HostGemmForms
{
    [ThreadStatic] private static float* t_scratch;   // kept for the life of the thread: 1.1 MB

    public static void Run<TLanes, T>(HostGemmForm form, in HostGemmBlock block)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        // Without terms there is nothing to pack: the direct form then stores the bias.
        if (form == HostGemmForm.Direct || block.K == 0) Direct<TLanes, T>(block);
        else if (form == HostGemmForm.Dots) Dots<TLanes, T>(block);
        else Packed<TLanes, T>(block);
    }

    // The residual of a part of the block becomes C, to which tiles add: while it is in cache, before they come.
    private static void Prefill(in HostGemmBlock g, int row, int rows, int column, int columns)
    {
        if (g.Residual == null) return;
        for (int i = row; i < row + rows; i++)
        {
            nint at = i * g.CRow + column;
            Buffer.MemoryCopy(g.Residual + at, g.C + at, columns * sizeof(float), columns * sizeof(float));
        }
    }

    private static void Dots<TLanes, T>(in HostGemmBlock g) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        Prefill(g, 0, g.M, 0, g.N);
        for (int j = 0; j < g.N; j += 4)
            for (int i = 0; i < g.M; i += 4)
            {
                float* a = g.A + i * g.ARow, b = g.B + j * g.BColumn, c = g.C + i * g.CRow + j, bias = g.Bias == null ? null : g.Bias + j;
                switch (g.M - i)
                {
                    case 1: HostDot.Run<TLanes, T, N1>(g.K, a, g.ARow, b, g.BColumn, c, g.CRow, g.N - j, g.Accumulate, bias); break;
                    case 2: HostDot.Run<TLanes, T, N2>(g.K, a, g.ARow, b, g.BColumn, c, g.CRow, g.N - j, g.Accumulate, bias); break;
                    case 3: HostDot.Run<TLanes, T, N3>(g.K, a, g.ARow, b, g.BColumn, c, g.CRow, g.N - j, g.Accumulate, bias); break;
                    default: HostDot.Run<TLanes, T, N4>(g.K, a, g.ARow, b, g.BColumn, c, g.CRow, g.N - j, g.Accumulate, bias); break;
                }
            }
        HostActivation.Apply(g.Activation, g.C, g.CRow, g.M, g.N);
    }

    private static void Direct<TLanes, T>(in HostGemmBlock g) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        Prefill(g, 0, g.M, 0, g.N);
        int j = 0;
        if (g.M == 1)
            for (; j + 8 * T.Count <= g.N; j += 8 * T.Count)
                HostRow.Run<T>(g.K, g.A, g.AStep, g.B + j, g.BStep, g.C + j, g.Accumulate, g.Bias == null ? null : g.Bias + j);
        for (; j < g.N; j += 2 * T.Count)
            for (int i = 0; i < g.M; i += TLanes.Rows)
                HostTiles.Run<TLanes, T>(
                    Math.Min(TLanes.Rows, g.M - i), g.N - j, g.K, g.A + i * g.ARow, g.ARow, g.AStep, g.B + j, g.BStep,
                    g.C + i * g.CRow + j, g.CRow, g.Accumulate, g.Bias == null ? null : g.Bias + j);
        HostActivation.Apply(g.Activation, g.C, g.CRow, g.M, g.N);
    }

    private static void Packed<TLanes, T>(in HostGemmBlock g) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        int tileRows = TLanes.Rows, tileColumns = 2 * T.Count;
        if (t_scratch == null)
            t_scratch = (float*)NativeMemory.AlignedAlloc(GemmPlan.KBlock * (GemmPlan.NBlock + GemmPlan.MBlock) * sizeof(float), 64);
        float* panels = t_scratch, rows = t_scratch + GemmPlan.KBlock * GemmPlan.NBlock;
        bool packA = g.N >= GemmPlan.PackAColumns;
        for (int j0 = 0; j0 < g.N; j0 += GemmPlan.NBlock)
        {
            int n = Math.Min(GemmPlan.NBlock, g.N - j0);
            for (int k0 = 0; k0 < g.K; k0 += GemmPlan.KBlock)
            {
                int k = Math.Min(GemmPlan.KBlock, g.K - k0);
                bool last = k0 + k == g.K;
                for (int j = 0; j < n; j += tileColumns)
                    HostPack.Panel(
                        g.B + (j0 + j) * g.BColumn + k0 * g.BStep, g.BColumn, g.BStep, Math.Min(tileColumns, n - j), k,
                        panels + j * k, tileColumns);
                for (int i0 = 0; i0 < g.M; i0 += GemmPlan.MBlock)
                {
                    int m = Math.Min(GemmPlan.MBlock, g.M - i0);
                    float* a = g.A + i0 * g.ARow + k0 * g.AStep;
                    for (int i = 0; packA && i < m; i += tileRows)
                        HostPack.Panel(a + i * g.ARow, g.ARow, g.AStep, Math.Min(tileRows, m - i), k, rows + i * k, tileRows);
                    for (int j = 0; j < n; j += tileColumns)
                    {
                        if (k0 == 0) Prefill(g, i0, m, j0 + j, Math.Min(tileColumns, n - j));
                        float* c = g.C + i0 * g.CRow + j0 + j, bias = last && g.Bias != null ? g.Bias + j0 + j : null;
                        for (int i = 0; i < m; i += tileRows)
                            HostTiles.Run<TLanes, T>(
                                Math.Min(tileRows, m - i), n - j, k, packA ? rows + i * k : a + i * g.ARow, packA ? 1 : g.ARow,
                                packA ? tileRows : g.AStep, panels + j * k, tileColumns, c + i * g.CRow, g.CRow,
                                g.Accumulate || k0 > 0, bias);
                        if (last) HostActivation.Apply(g.Activation, c, g.CRow, m, Math.Min(tileColumns, n - j));
                    }
                }
            }
        }
    }
}
