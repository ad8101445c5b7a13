namespace GpuNets.Kernels;

/// <summary>
/// Gated recurrent unit (Cho et al. 2014) as in PyTorch, with a bias of its own inside the reset gate's product:
/// r = s(x_r + h_r), z = s(x_z + h_z), n = tanh(x_n + r h_n), h' = (1 - z) n + z h, where x_* and h_* are the weighted inputs.
/// Blocks of the gates: x_n, r, z, h_n, so that what h W_hh^T (in the weight's order r, z, n) is added to is contiguous.
/// </summary>
internal readonly struct GruUnits : IRecurrentCell
{
    public static int WeightBlocks => 3;
    public static int FirstHiddenBlock => 1;
    public static ReadOnlySpan<GateBlocks> InputBlocks => s_inputBlocks;
    public static bool HasCell => false;

    private static readonly GateBlocks[] s_inputBlocks = [new(1, 0, 2), new(0, 2, 1)];

    public static unsafe void Forward<T>(CellRow row, int i) where T : struct, ILane<T>
    {
        float* gates = row.Gates;
        int n = row.Units;
        T reset = LaneMath.Sigmoid(T.Load(gates, n + i)), update = LaneMath.Sigmoid(T.Load(gates, 2 * n + i));
        T candidate = LaneMath.Tanh(T.MulAdd(reset, T.Load(gates, 3 * n + i), T.Load(gates, i)));
        T hidden = T.MulAdd(update, T.Load(row.HiddenBefore, i) - candidate, candidate);
        T.Store(gates, i, candidate);
        T.Store(gates, n + i, reset);
        T.Store(gates, 2 * n + i, update);
        T.Store(row.Hidden, i, hidden);
        T.Store(row.Output, i, hidden);
    }

    public static unsafe void Backward<T>(CellRow row, int i, T dHidden) where T : struct, ILane<T>
    {
        float* gates = row.Gates;
        int n = row.Units;
        T one = T.Of(1f);
        T candidate = T.Load(gates, i), reset = T.Load(gates, n + i), update = T.Load(gates, 2 * n + i), product = T.Load(gates, 3 * n + i);
        T dCandidate = dHidden * (one - update) * (one - candidate * candidate);
        T.Store(gates, i, dCandidate);
        T.Store(gates, n + i, dCandidate * product * reset * (one - reset));
        T.Store(gates, 2 * n + i, dHidden * (T.Load(row.HiddenBefore, i) - candidate) * update * (one - update));
        T.Store(gates, 3 * n + i, dCandidate * reset);
        T.Store(row.HiddenGradient, i, dHidden * update);
    }
}
