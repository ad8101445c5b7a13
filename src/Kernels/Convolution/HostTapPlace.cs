using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>Brings the sums of a tile over a line of the lattice to the target; those between rows and images are dropped.</summary>
internal unsafe struct HostTapPlace(TapConv conv, int height, int pitch, int rows)
{
    private readonly int _height = height, _pitch = pitch, _rows = rows, _columns = conv.Columns;
    private readonly int _stepX = conv.TargetStepX, _stepY = conv.TargetStepY * conv.TargetWidth, _plane = conv.TargetPlane;
    private readonly nint _image = (nint)conv.Groups * conv.Out * conv.TargetPlane;

    /// <summary>Target of the first grid point of the line, for the group's first channel.</summary>
    public float* Target;

    /// <summary>Add to the target.</summary>
    public bool Load;

    /// <summary>Stores sums [count][width] of the positions from <paramref name="first"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Store(float* sums, int width, int count, int first, int columns, nint channel)
    {
        for (int at = 0; at < columns;)
        {
            int line = (first + at) / _pitch, q = first + at - line * _pitch, run = Math.Min(_pitch - q, columns - at);
            int image = line / _height, p = line - image * _height, valid = p < _rows ? Math.Min(_columns - q, run) : 0;
            float* to = Target + channel + image * _image + (nint)p * _stepY + (nint)q * _stepX, from = sums + at;
            for (int r = 0; r < count && valid > 0; r++, from += width, to += _plane)
            {
                if (_stepX == 1) Copy(from, to, valid);
                else if (Load) for (int i = 0; i < valid; i++) to[i * _stepX] += from[i];
                else for (int i = 0; i < valid; i++) to[i * _stepX] = from[i];
            }
            at += run;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Copy(float* from, float* to, int count)
    {
        int i = 0;
        if (Load)
        {
            for (; i + 8 <= count; i += 8) (Vector256.Load(to + i) + Vector256.Load(from + i)).Store(to + i);
            for (; i < count; i++) to[i] += from[i];
            return;
        }
        for (; i + 8 <= count; i += 8) Vector256.Load(from + i).Store(to + i);
        for (; i < count; i++) to[i] = from[i];
    }
}
