namespace GpuNets.Reference;

/// <summary>Weights of one direction of a recurrent layer; the biases may be null.</summary>
public sealed record RecurrentReferenceWeights(NdArray Input, NdArray Hidden, NdArray? InputBias, NdArray? HiddenBias);

/// <summary>LSTM and GRU written as PyTorch's documentation does, unit by unit.</summary>
public static class RecurrentReference
{
    /// <summary>One step of an LSTM for one row: h' and c'.</summary>
    public static (Real[] Hidden, Real[] Cell) LstmStep(Real[] x, Real[] h, Real[] c, RecurrentReferenceWeights weights)
    {
        int units = h.Length;
        Real[] hidden = new Real[units], cell = new Real[units];
        for (int u = 0; u < units; u++)
        {
            Real i = Real.Sigmoid(FromInput(x, weights, u) + FromHidden(h, weights, u));
            Real f = Real.Sigmoid(FromInput(x, weights, units + u) + FromHidden(h, weights, units + u));
            Real g = Real.Tanh(FromInput(x, weights, 2 * units + u) + FromHidden(h, weights, 2 * units + u));
            Real o = Real.Sigmoid(FromInput(x, weights, 3 * units + u) + FromHidden(h, weights, 3 * units + u));
            cell[u] = f * c[u] + i * g;
            hidden[u] = o * Real.Tanh(cell[u]);
        }
        return (hidden, cell);
    }

    /// <summary>One step of a GRU for one row: h'.</summary>
    public static Real[] GruStep(Real[] x, Real[] h, RecurrentReferenceWeights weights)
    {
        int units = h.Length;
        var hidden = new Real[units];
        for (int u = 0; u < units; u++)
        {
            Real r = Real.Sigmoid(FromInput(x, weights, u) + FromHidden(h, weights, u));
            Real z = Real.Sigmoid(FromInput(x, weights, units + u) + FromHidden(h, weights, units + u));
            Real n = Real.Tanh(FromInput(x, weights, 2 * units + u) + r * FromHidden(h, weights, 2 * units + u));
            hidden[u] = (1 - z) * n + z * h[u];
        }
        return hidden;
    }

    /// <summary>
    /// One layer over sequences x [time, batch, inputs]: each sequence is cut to its length and run on its own, its second direction on
    /// the reversed sequence. Gives the output [time, batch, directions * units], zero beyond a sequence's end, and the last states.
    /// </summary>
    /// <param name="x">The sequences.</param>
    /// <param name="weights">One set per direction.</param>
    /// <param name="hidden">First hidden values [directions, batch, units], null for zeros.</param>
    /// <param name="cell">First cells; ignored by a GRU.</param>
    /// <param name="lengths">Steps of each sequence; null for all.</param>
    /// <param name="lstm">LSTM or GRU.</param>
    public static NdArray[] Layer(NdArray x, RecurrentReferenceWeights[] weights, NdArray? hidden, NdArray? cell, int[]? lengths, bool lstm)
    {
        int time = x.Shape[0], batch = x.Shape[1], units = weights[0].Hidden.Shape[1];
        var output = new NdArray([time, batch, weights.Length * units]);
        NdArray lastHidden = new([weights.Length, batch, units]), lastCell = new([weights.Length, batch, units]);
        for (int d = 0; d < weights.Length; d++)
            for (int row = 0; row < batch; row++)
            {
                Real[] h = Row(hidden, d, row, units), c = Row(cell, d, row, units);
                int length = lengths?[row] ?? time;
                for (int order = 0; order < length; order++)
                {
                    int step = d == 0 ? order : length - 1 - order;
                    Real[] features = Row(x, step, row, x.Shape[2]);
                    if (lstm) (h, c) = LstmStep(features, h, c, weights[d]);
                    else h = GruStep(features, h, weights[d]);
                    for (int u = 0; u < units; u++) output[step, row, d * units + u] = h[u];
                }
                for (int u = 0; u < units; u++) (lastHidden[d, row, u], lastCell[d, row, u]) = (h[u], c[u]);
            }
        return lstm ? [output, lastHidden, lastCell] : [output, lastHidden];
    }

    private static Real FromInput(Real[] x, RecurrentReferenceWeights weights, int gate) => Product(x, weights.Input, weights.InputBias, gate);

    private static Real FromHidden(Real[] h, RecurrentReferenceWeights weights, int gate) => Product(h, weights.Hidden, weights.HiddenBias, gate);

    private static Real Product(Real[] values, NdArray weight, NdArray? bias, int gate)
    {
        Real sum = 0;
        for (int k = 0; k < values.Length; k++) sum += weight[gate, k] * values[k];
        return bias is null ? sum : sum + bias[gate];
    }

    private static Real[] Row(NdArray? array, int first, int second, int length)
    {
        var row = new Real[length];
        for (int i = 0; array is not null && i < length; i++) row[i] = array[first, second, i];
        return row;
    }
}
