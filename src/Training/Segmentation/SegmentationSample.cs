namespace GpuNets.Training;

/// <summary>A picture with a class for each pixel.</summary>
/// <param name="Name">The picture's name in its set.</param>
/// <param name="Image">The picture.</param>
/// <param name="Labels">A class a pixel, of the picture's size.</param>
public sealed record SegmentationSample(string Name, RgbImage Image, LabelMap Labels)
{
    /// <summary>Throws unless both sizes are equal and every label is a class or void, naming the file, the pixel and the value.</summary>
    internal SegmentationSample Checked(string labelFile, int classes)
    {
        if ((Image.Width, Image.Height) != (Labels.Width, Labels.Height))
            throw new DataFileException(labelFile, null, $"the mask has {Labels.Width}x{Labels.Height} pixels, but its picture {Name} has {Image.Width}x{Image.Height}");
        int bad = Labels.Labels.AsSpan().IndexOfAnyInRange((byte)classes, (byte)(LabelMap.Void - 1));
        if (classes < LabelMap.Void && bad >= 0)
        {
            throw new DataFileException(labelFile, $"pixel ({bad % Labels.Width}, {bad / Labels.Width})",
                $"label {Labels.Labels[bad]}, expected one of the {classes} classes 0 to {classes - 1}, or {LabelMap.Void} for void");
        }
        return this;
    }
}
