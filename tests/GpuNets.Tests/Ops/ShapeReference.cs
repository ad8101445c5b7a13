using GpuNets.Reference;

namespace GpuNets.Tests.Ops;

/// <summary>Operations that move elements, written over index tuples.</summary>
internal static class ShapeReference
{
    /// <summary>An array whose element at every index is that of the source at another index; the fill value where that is null.</summary>
    public static NdArray Pick(NdArray x, int[] shape, Func<int[], int[]?> source, double fill = 0)
    {
        var y = new NdArray(shape);
        int at = 0;
        foreach (int[] index in NdArray.Indices(shape))
        {
            int[]? from = source((int[])index.Clone());
            y.Values[at++] = from is null ? fill : x[from.AsSpan()];
        }
        return y;
    }

    public static NdArray Permute(NdArray x, params int[] axes) =>
        Pick(x, [.. axes.Select(axis => x.Shape[axis])], index =>
        {
            int[] from = new int[axes.Length];
            for (int k = 0; k < axes.Length; k++) from[axes[k]] = index[k];
            return from;
        });

    public static NdArray Slice(NdArray x, int axis, int start, int end, int step = 1) =>
        Pick(x, [.. x.Shape.Select((size, k) => k == axis ? Enumerable.Range(start, end - start).Count(i => (i - start) % step == 0) : size)], index =>
        {
            index[axis] = start + index[axis] * step;
            return index;
        });

    public static NdArray Pad(NdArray x, (int Before, int After)[] padding, double value) =>
        Pick(x, [.. x.Shape.Select((size, k) => size + padding[k].Before + padding[k].After)], index =>
        {
            for (int k = 0; k < index.Length; k++)
            {
                index[k] -= padding[k].Before;
                if (index[k] < 0 || index[k] >= x.Shape[k]) return null;
            }
            return index;
        }, value);

    public static NdArray Concatenate(int axis, params NdArray[] parts)
    {
        var y = new NdArray([.. parts[0].Shape.Select((size, k) => k == axis ? parts.Sum(part => part.Shape[axis]) : size)]);
        int start = 0;
        foreach (var part in parts)
        {
            foreach (int[] index in NdArray.Indices(part.Shape))
            {
                int[] to = [.. index.Select((i, k) => k == axis ? i + start : i)];
                y[to.AsSpan()] = part[index.AsSpan()];
            }
            start += part.Shape[axis];
        }
        return y;
    }

    public static NdArray BroadcastTo(NdArray x, params int[] shape) => NdArray.Broadcast(x, new NdArray(shape), (a, _) => a);
}
