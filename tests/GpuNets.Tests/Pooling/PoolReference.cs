using GpuNets.Reference;

namespace GpuNets.Tests.Pooling;

/// <summary>Pooling, resizing and padding of [samples, channels, height, width], written over places.</summary>
internal static class PoolReference
{
    /// <summary>Windows of an axis: every tap with the size that an average divides by.</summary>
    public sealed record Windows(int[][] Taps, int[] Counted);

    public static Windows Strided(int size, int kernel, int stride, int padding, int dilation = 1, bool ceil = false, bool includePad = true)
    {
        double exact = (size + 2.0 * padding - dilation * (kernel - 1) - 1) / stride;
        int outputs = (int)(ceil ? Math.Ceiling(exact) : Math.Floor(exact)) + 1;
        if (ceil && (outputs - 1) * stride >= size + padding) outputs--;
        int[][] taps = [.. Enumerable.Range(0, outputs).Select(o => Enumerable.Range(0, kernel).Select(k => o * stride - padding + k * dilation).ToArray())];
        return new Windows(
            [.. taps.Select(window => window.Where(i => i >= 0 && i < size).ToArray())],
            [.. taps.Select(window => window.Count(i => includePad ? i < size + padding : i >= 0 && i < size))]);
    }

    public static Windows Adaptive(int size, int outputs)
    {
        int[][] taps = [.. Enumerable.Range(0, outputs).Select(o => Enumerable.Range(0, size)
            .Where(i => i >= Math.Floor((double)o * size / outputs) && i < Math.Ceiling((o + 1.0) * size / outputs)).ToArray())];
        return new Windows(taps, [.. taps.Select(window => window.Length)]);
    }

    public static NdArray Max(NdArray x, Windows height, Windows width) => Pool(x, height, width, (values, _) => ReferenceFunctions.Max(values));

    public static NdArray Average(NdArray x, Windows height, Windows width, int divisor = 0) =>
        Pool(x, height, width, (values, counted) => ReferenceFunctions.Sum(values) / (divisor > 0 ? divisor : counted));

    /// <summary>y[o] = sum of weight x[i] along an axis.</summary>
    public static NdArray Along(NdArray x, int axis, int total, Func<int, (int Input, double Weight)[]> taps)
    {
        var y = new NdArray([.. x.Shape.Select((size, k) => k == axis ? total : size)]);
        int at = 0;
        foreach (int[] index in NdArray.Indices(y.Shape))
        {
            Real sum = 0;
            foreach (var (input, weight) in taps(index[axis]))
            {
                int[] from = [.. index];
                from[axis] = input;
                sum += weight * x[from.AsSpan()];
            }
            y.Values[at++] = sum;
        }
        return y;
    }

    public static NdArray Nearest(NdArray x, int axis, int total, float scale) =>
        Along(x, axis, total, o => [(Math.Min((int)MathF.Floor(o * scale), x.Shape[axis] - 1), 1)]);

    public static NdArray Linear(NdArray x, int axis, int total, double scale, bool align) => Along(x, axis, total, o =>
    {
        int size = x.Shape[axis];
        double place = Math.Max(0, align ? o * scale : (o + 0.5) * scale - 0.5);
        int first = Math.Min((int)place, size - 1), second = Math.Min(first + 1, size - 1);
        return [(first, 1 - (place - first)), (second, place - first)];
    });

    /// <summary>Walks from place to place until one lies inside.</summary>
    public static NdArray Pad(NdArray x, int axis, int before, int after, PadMode mode)
    {
        int size = x.Shape[axis];
        return Along(x, axis, before + size + after, o =>
        {
            int p = o - before;
            while (p < 0 || p >= size)
            {
                p = mode switch
                {
                    PadMode.Reflect when size > 1 => p < 0 ? -p : 2 * (size - 1) - p,
                    PadMode.Symmetric => p < 0 ? -p - 1 : 2 * size - 1 - p,
                    PadMode.Circular => p < 0 ? p + size : p - size,
                    _ => p < 0 ? 0 : size - 1,
                };
            }
            return [(p, 1)];
        });
    }

    private static NdArray Pool(NdArray x, Windows height, Windows width, Func<Real[], int, Real> f)
    {
        var y = new NdArray([x.Shape[0], x.Shape[1], height.Taps.Length, width.Taps.Length]);
        foreach (int[] i in NdArray.Indices(y.Shape))
        {
            Real[] values = [.. from h in height.Taps[i[2]] from w in width.Taps[i[3]] select x[i[0], i[1], h, w]];
            y[i.AsSpan()] = f(values, height.Counted[i[2]] * width.Counted[i[3]]);
        }
        return y;
    }
}
