using System.Text;

namespace GpuNets;

public partial class Tensor
{
    /// <summary>Tensors with more elements print their shape alone.</summary>
    private const int LargestPrinted = 100;

    /// <summary>Shape and device, and the values of a tensor of at most 100 elements (which waits for the device).</summary>
    public override string ToString()
    {
        string head = $"Tensor {Shape} on {Device.Info.Id}";
        if (!Buffer.IsLive || Device.IsDisposed) return $"{head} (freed)";
        return Count is 0 or > LargestPrinted ? head : $"{head}\n{Print()}";
    }

    /// <summary>The values with a bracket per axis and a line per row.</summary>
    private string Print()
    {
        var text = new StringBuilder();
        Print(text, ToArray(), axis: 0, start: 0, Count);
        return text.ToString();
    }

    private void Print(StringBuilder text, float[] values, int axis, int start, int count)
    {
        if (axis == Shape.Rank)
        {
            text.Append(values[start].ToString("G6"));
            return;
        }
        int size = Shape[axis], each = count / size;
        text.Append('[');
        for (int i = 0; i < size; i++)
        {
            if (i > 0 && axis == Shape.Rank - 1) text.Append(", ");
            else if (i > 0) text.Append(",\n").Append(' ', axis + 1);
            Print(text, values, axis + 1, start + i * each, each);
        }
        text.Append(']');
    }
}
