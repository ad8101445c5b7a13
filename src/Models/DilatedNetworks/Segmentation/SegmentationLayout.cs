namespace GpuNets.Models;

/// <summary>How the pictures and masks of a data set lie in its folder.</summary>
public enum SegmentationLayout
{
    /// <summary>CamVid in a pair of IDX files per split, 11 = void.</summary>
    CamVidIdx,

    /// <summary>Pascal VOC in a pair of IDX files per split.</summary>
    VocIdx,

    /// <summary>CamVid as SegNet keeps it: SPLIT/ and SPLITannot/.</summary>
    CamVid,

    /// <summary>Pascal VOC: JPEGImages, SegmentationClass, ImageSets/Segmentation/SPLIT.txt.</summary>
    Voc,

    /// <summary>Folders SPLIT/images and SPLIT/masks, names of the classes in classes.txt.</summary>
    Folders,
}
