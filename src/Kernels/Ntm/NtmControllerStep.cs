namespace GpuNets.Kernels;

/// <summary>
/// A controller's step for one sequence, by one team. LSTM, gates in the order i, f, g, o: c' = f c + i g, h = o tanh(c'). A unit computes
/// its four gates together and finishes at once; lanes and threads run along the units, weights are transposed. Feed-forward:
/// h = f(W z + b).
/// </summary>
internal static unsafe class NtmControllerStep
{
    /// <summary>Step q of a sequence, all layers.</summary>
    /// <param name="z">Sizes.</param>
    /// <param name="at">Places. Offsets, not pointers, pick between two sources: ILGPU cannot choose between pointers.</param>
    /// <param name="packed">Packed weights.</param>
    /// <param name="log">Log of the run.</param>
    /// <param name="q">Step and sequence.</param>
    public static void Forward<TTeam>(NtmSizes z, NtmLayout at, float* packed, float* log, int q) where TTeam : struct, ITeam
    {
        int states = z.Layers * z.Width, next = (q + z.Batch) * states, input = at.Inputs + q * z.InputWidth;
        for (int layer = 0; layer < z.Layers; layer++)
        {
            int own = layer * z.Width, inputs = z.LayerInputs(layer);
            float* weights = packed + at.Layer(layer), gates = log + (at.Gates + (q * z.Layers + layer) * z.GateWidth);
            if (z.Lstm != 0)
            {
                TTeam.Each(z.Width, new LstmForward
                {
                    Log = log,
                    Input = input,
                    Hidden = at.Hidden + q * states + own,
                    Inputs = inputs,
                    Width = z.Width,
                    Bias = weights,
                    Weights = weights + NtmLayout.LayerTransposed(z),
                    Gates = gates,
                    Cells = log + (at.Cells + q * states + own),
                    NextHidden = log + (at.Hidden + next + own),
                    NextCells = log + (at.Cells + next + own),
                });
            }
            else
            {
                NtmProduct.Run<TTeam>(log + input, weights + NtmLayout.LayerTransposed(z), z.Width, inputs, gates, weights, z.Width);
                TTeam.Each(z.Width, new FeedForward { X = gates, Y = log + (at.Hidden + next + own), Kind = z.LayerActivation });
            }
            TTeam.Barrier();
            input = at.Hidden + next + own;
        }
    }

    /// <summary>
    /// Gradient of step q, all layers. Turns the gates into the gradients of their pre-activations, DHidden and DCell of the scratch into the
    /// gradients of the state before the step, and leaves the gradient of the controller's input in DInput. The last layer's state has got
    /// its gradient from all that read it in this step in DTop.
    /// </summary>
    /// <param name="z">Sizes.</param>
    /// <param name="at">Places.</param>
    /// <param name="packed">Packed weights.</param>
    /// <param name="log">Log of the run.</param>
    /// <param name="scratch">The sequence's scratch.</param>
    /// <param name="q">Step and sequence.</param>
    public static void Gradient<TTeam>(NtmSizes z, NtmLayout at, float* packed, float* log, float* scratch, int q) where TTeam : struct, ITeam
    {
        int states = z.Layers * z.Width, next = (q + z.Batch) * states, upper = at.DTop;
        for (int layer = z.Layers - 1; layer >= 0; layer--)
        {
            int own = layer * z.Width;
            float* weights = packed + at.Layer(layer), gates = log + (at.Gates + (q * z.Layers + layer) * z.GateWidth);
            float* dHidden = scratch + (at.DHidden + own), dInput = scratch + at.DInput;
            if (z.Lstm != 0)
            {
                TTeam.Each(z.Width, new LstmGradient
                {
                    Gates = gates,
                    Cells = log + (at.Cells + q * states + own),
                    NextCells = log + (at.Cells + next + own),
                    Upper = scratch + upper,
                    DHidden = dHidden,
                    DCells = scratch + (at.DCell + own),
                    Width = z.Width,
                });
                TTeam.Barrier();
                Products<TTeam>(weights + NtmLayout.LayerRecurrent(z, layer), gates, z.Width, z.GateWidth, dHidden);
            }
            else
            {
                TTeam.Each(z.Width, new FeedForwardGradient { Y = log + (at.Hidden + next + own), DY = scratch + upper, DX = gates, Kind = z.LayerActivation });
                TTeam.Barrier();
            }
            Products<TTeam>(weights + NtmLayout.LayerWeight(z, layer), gates, z.LayerInputs(layer), z.GateWidth, dInput);
            TTeam.Barrier();
            upper = at.DInput;
        }
    }

    private static void Products<TTeam>(float* weights, float* gates, int n, int terms, float* y) where TTeam : struct, ITeam
    {
        NtmFill.Run<TTeam>(y, 0f, n);
        NtmProduct.Run<TTeam>(gates, weights, n, terms, y, y, n);
    }

    private struct FeedForward : IElementBody
    {
        public float* X, Y;
        public int Kind;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, NtmActivation.Forward(Kind, T.Load(X, i)));
    }

    private struct FeedForwardGradient : IElementBody
    {
        public float* Y, DY, DX;
        public int Kind;

        // Tanh and ReLU: the slope follows from y, which has the sign of x.
        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T y = T.Load(Y, i);
            T.Store(DX, i, T.Load(DY, i) * NtmActivation.Derivative(Kind, y, y, float.PositiveInfinity));
        }
    }

    private struct LstmForward : IElementBody
    {
        public float* Log, Cells, Bias, Weights, Gates, NextHidden, NextCells;
        public int Input, Hidden, Inputs, Width;

        public readonly void At<T>(int u) where T : struct, ILane<T>
        {
            float* weights = Weights;
            int width = Width, at = u;
            T i = T.Load(Bias, u), f = T.Load(Bias, u + width), g = T.Load(Bias, u + 2 * width), o = T.Load(Bias, u + 3 * width);
            for (int part = 0; part < 2; part++)
            {
                int start = part == 0 ? Input : Hidden, end = start + (part == 0 ? Inputs : width);
                for (int k = start; k < end; k++)
                {
                    T value = T.Of(Log[k]);
                    i = T.MulAdd(value, T.Load(weights, at), i);
                    f = T.MulAdd(value, T.Load(weights, at + width), f);
                    g = T.MulAdd(value, T.Load(weights, at + 2 * width), g);
                    o = T.MulAdd(value, T.Load(weights, at + 3 * width), o);
                    at += 4 * width;
                }
            }
            i = LaneMath.Sigmoid(i);
            f = LaneMath.Sigmoid(f);
            g = LaneMath.Tanh(g);
            o = LaneMath.Sigmoid(o);
            T cell = T.MulAdd(f, T.Load(Cells, u), i * g);
            T.Store(Gates, u, i);
            T.Store(Gates, u + width, f);
            T.Store(Gates, u + 2 * width, g);
            T.Store(Gates, u + 3 * width, o);
            T.Store(NextCells, u, cell);
            T.Store(NextHidden, u, o * LaneMath.Tanh(cell));
        }
    }

    private struct LstmGradient : IElementBody
    {
        public float* Gates, Cells, NextCells, Upper, DHidden, DCells;
        public int Width;

        public readonly void At<T>(int u) where T : struct, ILane<T>
        {
            T one = T.Of(1f);
            T i = T.Load(Gates, u), f = T.Load(Gates, u + Width), g = T.Load(Gates, u + 2 * Width), o = T.Load(Gates, u + 3 * Width);
            T dh = T.Load(Upper, u) + T.Load(DHidden, u), tanh = LaneMath.Tanh(T.Load(NextCells, u));
            T dc = T.MulAdd(dh * o, one - tanh * tanh, T.Load(DCells, u));
            T.Store(Gates, u, dc * g * i * (one - i));
            T.Store(Gates, u + Width, dc * T.Load(Cells, u) * f * (one - f));
            T.Store(Gates, u + 2 * Width, dc * i * (one - g * g));
            T.Store(Gates, u + 3 * Width, dh * tanh * o * (one - o));
            T.Store(DCells, u, dc * f);
        }
    }
}
