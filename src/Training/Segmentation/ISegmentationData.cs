namespace GpuNets.Training;

/// <summary>Pictures with a class for each pixel. Reading is safe from several threads at once.</summary>
public interface ISegmentationData
{
    /// <summary>Number of pictures.</summary>
    int Count { get; }

    /// <summary>Names of the classes in the order of their labels.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>Colours of the classes.</summary>
    Palette Palette { get; }

    /// <summary>Reads a picture with its labels: both of one size, each label one of the classes or <see cref="LabelMap.Void"/>.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="DataFileException">A file is damaged, sizes differ, or a label is no class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such picture.</exception>
    SegmentationSample Read(int index);
}
