namespace GpuNets.Kernels;

/// <summary>
/// Long short-term memory (Hochreiter and Schmidhuber 1997, with forget gates), gates in PyTorch's order:
/// i = s(a_i), f = s(a_f), g = tanh(a_g), o = s(a_o); c' = f c + i g; h' = o tanh(c'), where s is the sigmoid.
/// </summary>
internal readonly struct LstmUnits : IRecurrentCell
{
    public static int WeightBlocks => 4;
    public static int FirstHiddenBlock => 0;
    public static ReadOnlySpan<GateBlocks> InputBlocks => s_inputBlocks;
    public static bool HasCell => true;

    private static readonly GateBlocks[] s_inputBlocks = [new(0, 0, 4)];

    public static unsafe void Forward<T>(CellRow row, int i) where T : struct, ILane<T>
    {
        float* gates = row.Gates;
        int n = row.Units;
        T input = LaneMath.Sigmoid(T.Load(gates, i)), forget = LaneMath.Sigmoid(T.Load(gates, n + i));
        T candidate = LaneMath.Tanh(T.Load(gates, 2 * n + i)), output = LaneMath.Sigmoid(T.Load(gates, 3 * n + i));
        T cell = T.MulAdd(forget, T.Load(row.CellBefore, i), input * candidate);
        T hidden = output * LaneMath.Tanh(cell);
        T.Store(gates, i, input);
        T.Store(gates, n + i, forget);
        T.Store(gates, 2 * n + i, candidate);
        T.Store(gates, 3 * n + i, output);
        T.Store(row.Cell, i, cell);
        T.Store(row.Hidden, i, hidden);
        T.Store(row.Output, i, hidden);
    }

    public static unsafe void Backward<T>(CellRow row, int i, T dHidden) where T : struct, ILane<T>
    {
        float* gates = row.Gates;
        int n = row.Units;
        T one = T.Of(1f);
        T input = T.Load(gates, i), forget = T.Load(gates, n + i), candidate = T.Load(gates, 2 * n + i), output = T.Load(gates, 3 * n + i);
        // Cheaper to compute again than to keep for every step.
        T squashed = LaneMath.Tanh(T.Load(row.Cell, i));
        T dCell = T.MulAdd(dHidden * output, one - squashed * squashed, T.Load(row.CellGradient, i));
        T.Store(gates, i, dCell * candidate * input * (one - input));
        T.Store(gates, n + i, dCell * T.Load(row.CellBefore, i) * forget * (one - forget));
        T.Store(gates, 2 * n + i, dCell * input * (one - candidate * candidate));
        T.Store(gates, 3 * n + i, dHidden * squashed * output * (one - output));
        T.Store(row.CellGradient, i, dCell * forget);
        T.Store(row.HiddenGradient, i, T.Of(0f));
    }
}
