using System.Buffers;
using ILGPU;

namespace GpuNets.Kernels;

/// <summary><see cref="MaxPoolBackward"/> on the host, where a thread has planes of its own: every dy goes to the place of its maximum.</summary>
internal struct HostMaxPoolGradient : IHostRows
{
    public ArrayView<float> DY, DX;
    public ArrayView<int> Index;

    /// <summary>Elements of a plane of dx and of dy.</summary>
    public int Inputs, Outputs;

    public readonly unsafe void Rows<TLanes, T>(int start, int end) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        for (int plane = start; plane < end; plane++)
        {
            float* dx = DX.Ptr() + plane * Inputs, dy = DY.Ptr() + plane * Outputs;
            int* index = Index.Ptr() + plane * Outputs;
            new Span<float>(dx, Inputs).Clear();
            // A window of nothing but padding has no place.
            for (int o = 0; o < Outputs; o++)
                if (index[o] >= 0) dx[index[o]] += dy[o];
        }
    }
}

/// <summary>
/// <see cref="AveragePoolBackward"/> on the host, plane by plane: a row of dy is spread along its windows once and then added to the rows of
/// dx that its windows cover.
/// </summary>
internal struct HostAveragePoolGradient : IHostRows
{
    public ArrayView<float> DY, DX;
    public PoolAxis Height, Width;
    public int IncludePad, Divisor;

    public readonly unsafe void Rows<TLanes, T>(int start, int end) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        int inputs = Height.Input * Width.Input;
        float[] spread = ArrayPool<float>.Shared.Rent(Width.Input);
        fixed (float* row = spread)
        {
            for (int plane = start; plane < end; plane++)
            {
                float* dx = DX.Ptr() + plane * inputs, dy = DY.Ptr() + plane * Height.Output * Width.Output;
                new Span<float>(dx, inputs).Clear();
                for (int oh = 0; oh < Height.Output; oh++, dy += Width.Output)
                {
                    Spread(dy, oh, row);
                    int top = Height.Start(oh), bottom = Math.Min(top + Height.Taps(oh), Height.Input);
                    for (int h = Math.Max(top, 0); h < bottom; h++)
                        SimdTeam<T>.Range(0, Width.Input, new CopyBody<Accumulate> { X = row, Y = dx + h * Width.Input });
                }
            }
        }
        ArrayPool<float>.Shared.Return(spread);
    }

    private readonly unsafe void Spread(float* dy, int oh, float* row)
    {
        new Span<float>(row, Width.Input).Clear();
        int counted = Height.Counted(oh, IncludePad);
        for (int ow = 0; ow < Width.Output; ow++)
        {
            float share = dy[ow] / (Divisor != 0 ? Divisor : counted * Width.Counted(ow, IncludePad));
            int left = Width.Start(ow), right = Math.Min(left + Width.Taps(ow), Width.Input);
            for (int w = Math.Max(left, 0); w < right; w++) row[w] += share;
        }
    }
}
