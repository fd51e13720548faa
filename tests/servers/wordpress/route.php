<?php
// What PHP's own server is asked for: files as they are, everything else the blog's.
$root = $_SERVER['DOCUMENT_ROOT'];
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) ?: '/';
if (is_dir($root . $path) && is_file(rtrim($root . $path, '/') . '/index.php')) {
    $path = rtrim($path, '/') . '/index.php';
}
$here = is_file($root . $path);
if ($here && !str_ends_with($path, '.php')) {
    return false;
}
$script = $here ? $path : '/index.php';
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = $script;
$_SERVER['SCRIPT_FILENAME'] = $root . $script;
chdir(dirname($root . $script));
require $root . $script;
