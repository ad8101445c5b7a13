using System.Globalization;

namespace GpuNets.Training;

/// <summary>Names of classes from text files, and those of known sets.</summary>
public static class ClassList
{
    /// <summary>Background and the 20 classes of Pascal VOC in the order of its labels.</summary>
    public static IReadOnlyList<string> Voc { get; } =
    [
        "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog", "horse",
        "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ];

    /// <summary>The 11 classes of CamVid in the order of SegNet's copy.</summary>
    public static IReadOnlyList<string> CamVid { get; } =
        ["sky", "building", "pole", "road", "pavement", "tree", "sign", "fence", "car", "pedestrian", "bicyclist"];

    /// <summary>
    /// Reads a text file with a class a line, either <c>NAME</c> or <c>LABEL NAME</c>; labels must then count up from 0. The last line
    /// may name the void label (<c>255 void</c>), which is no class. Empty lines are skipped.
    /// </summary>
    /// <exception cref="DataFileException">There is no class, more than 255, or a label is out of order.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static IReadOnlyList<string> Load(string path)
    {
        var names = new List<string>();
        foreach (string line in File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            string[] words = line.Split([' ', '\t'], 2, StringSplitOptions.TrimEntries);
            bool labelled = int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int label) && words.Length == 2;
            if (labelled && label == LabelMap.Void) continue;
            if (labelled && label != names.Count) throw new DataFileException(path, line, $"expected label {names.Count}");
            names.Add(labelled ? words[1] : line);
        }
        if (names.Count is < 1 or > LabelMap.Void) throw new DataFileException(path, null, $"{names.Count} classes, expected 1 to {LabelMap.Void}");
        return names;
    }
}
